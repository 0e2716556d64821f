import { z } from 'zod';

export const TRIGGERS = ['manual', 'api', 'mcp', 'schedule', 'webhook'] as const;
export const LOCATIONS = ['local', 'cloud', 'private-runner'] as const;

/** What started a run. `manual` is a person's click; all others are automated. */
export const triggerSchema = z.enum(TRIGGERS);
/** What called for a run. `manual` is a click; all others are automated. */
export type Trigger = z.infer<typeof triggerSchema>;

/** Where a run's blocks execute. */
export const locationSchema = z.enum(LOCATIONS);
/** Where a run executes. */
export type Location = z.infer<typeof locationSchema>;

/** What a price may depend on beside the block itself. */
export const runContextSchema = z.strictObject({ trigger: triggerSchema, location: locationSchema });
/** What a price may depend on: what called for a run, and where it executes. */
export type RunContext = z.infer<typeof runContextSchema>;
