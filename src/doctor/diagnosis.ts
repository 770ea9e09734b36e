import * as v from 'valibot';
import { providerEntries, providerExample } from '../catalog/catalog.ts';
import { declareAnswer, integer, named, type Infer } from '../schema.ts';

const findingSchema = named(
  'Finding',
  v.object({
    /** A fault: something does not work. A warning: something works less well than it could. A note is good to know. */
    level: v.picklist(['fault', 'warning', 'note']),
    /** A provider's name, a variable, `database`, `favorites` or `models`. */
    subject: v.string(),
    code: v.string(),
    /** What is wrong and what corrects it. */
    message: v.string(),
  }),
);

/** One thing that the doctor reports. */
export type Finding = Infer<typeof findingSchema>;

const { error: _error, ...hostEntries } = providerEntries;
const { error: _none, ...hostExample } = providerExample;

const diagnosisSchema = named(
  'Diagnosis',
  v.object({
    /** Whether there is no fault. */
    ok: v.boolean(),
    /** Faults first. */
    findings: v.array(findingSchema),
    hosts: v.array(
      named(
        'DiagnosedProvider',
        v.object({
          ...hostEntries,
          modelCount: integer,
          /** Its release of llama-swap, as it calls it; null where it does not report one, or is none. */
          release: v.nullable(v.string()),
        }),
      ),
    ),
  }),
);

/** Everything that the doctor reports. */
export type Diagnosis = Infer<typeof diagnosisSchema>;

/** `GET /api/doctor`. */
export const doctorAnswer = declareAnswer(diagnosisSchema, {
  ok: true,
  findings: [
    {
      level: 'note',
      subject: 'models',
      code: 'shared_names',
      message:
        'On several hosts: qwen3.6-27b. A bare ID means the one of sam-desktop: write provider/model for another.',
    },
  ],
  hosts: [{ ...hostExample, modelCount: 1, release: '251' }],
});
