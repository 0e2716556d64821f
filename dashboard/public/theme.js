// Before the first paint, so that a page in the dark does not flash; a file of its own, so that no script is inline.
(function () {
  try {
    var chosen = localStorage.getItem('flow-credits-theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // No storage, no choice: the system's.
  }
})();
