export * from '../../src/workflows';
export { obviousRun } from './obvious-workflow';
