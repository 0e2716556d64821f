import { z } from 'zod';

export const TRIGGERS = ['manual', 'api', 'mcp', 'schedule', 'webhook'] as const;
export const LOCATIONS = ['local', 'cloud', 'private-runner'] as const;

/** What started a run. `manual` is a person's click; all others are automated. */
export const triggerSchema = z.enum(TRIGGERS);
export type Trigger = z.infer<typeof triggerSchema>;

/** Where a run's blocks execute. */
export const locationSchema = z.enum(LOCATIONS);
export type Location = z.infer<typeof locationSchema>;

/** What a price may depend on beside the block itself. */
export const runContextSchema = z.strictObject({ trigger: triggerSchema, location: locationSchema });
export type RunContext = z.infer<typeof runContextSchema>;
