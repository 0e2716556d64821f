/** The API stands beside the page: `/v1` below the folder that index.html is served from. */
export const API_BASE = new URL('.', document.baseURI.replace(/#.*$/, '')).href.replace(/\/$/, '');
