import { z } from 'zod';
import { credentialFault, parseTemplate } from '../../../contracts/blocks-template';

/** Text, `{{secret:NAME}}` or both. */
export const credentialSchema = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const fault = credentialFault(text);
    if (fault !== null) context.addIssue(fault);
  });

/** What must be in no file: it names a secret. */
export const secretReferenceSchema = credentialSchema.superRefine((text, context) => {
  const parsed = parseTemplate(text);
  if (!parsed.ok || parsed.parts.some(({ kind }) => kind === 'secret')) return;
  context.addIssue('must name a secret, "{{secret:NAME}}": the file holds none');
});
