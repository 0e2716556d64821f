export { runRunnerProcess } from '../plugin/runner-process';
