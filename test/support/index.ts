export { atEnd } from './at-end';
export { workflowBundle } from './bundle';
export { testDatabase, type TestDatabase } from './database';
export { eventually, type Patience } from './eventually';
export { movePastResets } from './months';
export { openPostgresProxy, type Fate, type PostgresProxy } from './postgres-proxy';
export { sharedServers, uniqueName, withDatabase, type SharedServers } from './servers';
export { testClient, testConnection, testNamespace, testNativeConnection } from './temporal';
export { logged, startWorker, withWorker, type RunningWorker, type TestWorkerOptions } from './worker';
