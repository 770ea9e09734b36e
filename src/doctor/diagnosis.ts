import * as v from 'valibot';
import { providerEntries, providerExample } from '../catalog/catalog.ts';
import { declareAnswer, integer, namedObject, type Infer } from '../schema.ts';

const findingSchema = namedObject('Finding', {
  /** A fault: something does not work. A warning: something could work better. A note: useful information. */
  level: v.picklist(['fault', 'warning', 'note']),
  /** A provider's name, a variable, `database`, `favorites` or `models`. */
  subject: v.string(),
  code: v.string(),
  /** A message that says what is wrong and how to correct it. */
  message: v.string(),
});

/** One finding in the doctor's report. */
export type Finding = Infer<typeof findingSchema>;

const { error: _error, ...hostEntries } = providerEntries;
const { error: _none, ...hostExample } = providerExample;

const diagnosisSchema = namedObject('Diagnosis', {
  /** Whether there is no fault. */
  ok: v.boolean(),
  /** Faults first. */
  findings: v.array(findingSchema),
  hosts: v.array(
    namedObject('DiagnosedProvider', {
      ...hostEntries,
      modelCount: integer,
      /** The release of its software, as it reports it; null if it reports none or is not of its kind. */
      release: v.nullable(v.string()),
    }),
  ),
});

/** The doctor's report. */
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
        'On several providers: qwen3.6-27b. A bare ID means the model of sam-desktop: write provider/model for another.',
    },
  ],
  hosts: [{ ...hostExample, modelCount: 1, release: '251' }],
});
