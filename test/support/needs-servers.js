const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

/**
 * Sorts the suites below `test/`: those that import test/support/servers.ts, directly or through other files of
 * `test/`, are integration suites and get servers; all others are unit suites and start at once.
 */
function suitesByNeed(testDir) {
  const marker = join(testDir, 'support', 'servers.ts');
  const known = new Map();

  const reaches = (file) => {
    if (file === marker) return true;
    if (known.has(file)) return known.get(file);
    known.set(file, false); // a cycle adds nothing
    const answer = imports(file)
      .filter((target) => target.startsWith(testDir))
      .some(reaches);
    known.set(file, answer);
    return answer;
  };

  const suites = readdirSync(testDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(testDir, name));
  return {
    unit: suites.filter((file) => !reaches(file)),
    integration: suites.filter(reaches),
  };
}

function imports(file) {
  return [
    ...readFileSync(file, 'utf8').matchAll(/(?:from|import|import\()\s*['"](\.{1,2}(?:\/[^'"]*)?)['"]/g),
  ]
    .map(([, target]) => resolve(dirname(file), target))
    .flatMap((target) => [target, `${target}.ts`, join(target, 'index.ts')])
    .filter((path) => path.endsWith('.ts') && existsSync(path));
}

module.exports = { suitesByNeed };
