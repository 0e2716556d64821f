export { MissingPiece, ServerFailed } from './errors';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres-server';
export { startTemporal, type Server, type TemporalOptions, type TemporalServer } from './temporal-server';
