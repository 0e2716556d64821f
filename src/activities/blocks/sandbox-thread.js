// Runs what flow authors wrote, JSONata and JSON Schemas, in a thread of its own: `sandbox.ts` stops it when it takes too
// long or too much memory. Plain JavaScript, because a thread cannot load TypeScript. Values travel as JSON text.
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const jsonata = require('jsonata');

const { limits, ajv } = workerData;

/** Counts as it goes and stops early, so that a value that would not fit is never written out. */
function measure(value, budget) {
  const stack = [value];
  let left = budget;
  while (stack.length > 0 && left >= 0) {
    const item = stack.pop();
    left -= typeof item === 'string' ? item.length + 2 : 2;
    if (typeof item === 'function') throw fault('a function is no value');
    if (Array.isArray(item)) {
      left -= item.length;
      if (left >= 0) for (const member of item) stack.push(member);
    } else if (typeof item === 'object' && item !== null) {
      if ('_jsonata_function' in item || '_jsonata_lambda' in item) throw fault('a function is no value');
      for (const key of Object.keys(item)) {
        left -= key.length + 4;
        stack.push(item[key]);
      }
    }
  }
  if (left < 0) throw fault(`its result is larger than ${budget} bytes`);
}

function fault(message, code) {
  return Object.assign(new Error(message), { expected: true, code });
}

async function evaluateOne(expression, scope) {
  try {
    const result = await jsonata(expression, limits.jsonata).evaluate(scope);
    if (result === undefined) return null;
    measure(result, limits.resultBytes);
    return result;
  } catch (error) {
    throw fault(`"${shorten(expression)}": ${reason(error)}`, error?.code);
  }
}

const asBoolean = jsonata('$boolean($value)');

/** Each expression's value, in order. */
async function evaluate({ expressions, scope }) {
  const values = [];
  for (const expression of expressions) values.push(await evaluateOne(expression, scope));
  return values;
}

/** The place of the first expression that is true, or -1. */
async function firstTrue({ expressions, scope }) {
  for (const [place, expression] of expressions.entries()) {
    const value = await evaluateOne(expression, scope);
    if ((await asBoolean.evaluate(null, { value })) === true) return place;
  }
  return -1;
}

const compiled = new Map();
const COMPILED_MOST = 100;

function validatorOf(draft, schemaText) {
  const known = compiled.get(schemaText);
  if (known !== undefined) return known;
  const module = { '07': 'ajv', 2019: 'ajv/dist/2019', 2020: 'ajv/dist/2020' }[draft];
  const Ajv = require(module).default;
  const instance = new Ajv(ajv.options);
  require('ajv-formats').default(instance);
  instance.addVocabulary(ajv.annotations);
  const validate = instance.compile(JSON.parse(schemaText));
  if (compiled.size >= COMPILED_MOST) compiled.clear();
  compiled.set(schemaText, validate);
  return validate;
}

/** What is wrong with a value by a JSON Schema: no errors if nothing. */
async function validate({ schema, draft, expression, scope }) {
  const subject = expression === undefined ? scope.input : await evaluateOne(expression, scope);
  const check = validatorOf(draft, JSON.stringify(schema));
  const valid = check(subject) === true;
  const errors = (valid ? [] : (check.errors ?? []))
    .slice(0, limits.errors)
    .map(({ instancePath, message }) => ({ path: instancePath, message: message ?? 'is not valid' }));
  return { valid, value: subject, errors };
}

function shorten(text, most = 80) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function reason(error) {
  if (error instanceof RangeError) return 'it nests too deeply or makes too long a text';
  return shorten(String(error?.message ?? error), 300);
}

const JOBS = { evaluate, firstTrue, validate };

parentPort.on('message', async ({ id, job, argument }) => {
  try {
    const result = JSON.stringify(await JOBS[job](JSON.parse(argument)));
    parentPort.postMessage({ kind: 'done', id, result });
  } catch (error) {
    const message = error?.expected === true ? error.message : reason(error);
    parentPort.postMessage({ kind: 'failed', id, message, tooLong: error?.code === 'D1012' });
  }
});
parentPort.postMessage({ kind: 'ready' });
