/**
 * For a platform's tests: no Postgres, and a clock to move.
 *
 * @module testing
 */
export { TestLedger } from './memory';
export { TestCredits, type TestCharge, type TestCreditsOptions, type TestTeam } from './test-credits';
