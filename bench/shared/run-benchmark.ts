import { describeMachine } from './describe-machine.ts';
import { describeGoals, type Goal } from './goal.ts';

/** What a stage prints, and the goals that its figures should meet. */
export interface StageResult {
  readonly table: string;
  readonly goals: readonly Goal[];
}

type Stages = Readonly<Record<string, () => Promise<StageResult>>>;

/** Whether `--quick` asks for a short run, whose figures mean little. */
export const IS_QUICK = process.argv.includes('--quick');

/** Runs the stages that `--only=a,b` names, or all of them, prints what they found, and ends this process. */
export async function runBenchmark(stages: Stages): Promise<never> {
  try {
    const chosen = pickStages(stages);
    console.log(`${describeMachine()}\n`);
    const goals: Goal[] = [];
    for (const run of chosen) {
      const result = await run();
      console.log(`${result.table}\n`);
      goals.push(...result.goals);
    }
    console.log(describeGoals(goals));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  process.exit(0);
}

function pickStages(stages: Stages): Stages[string][] {
  const only = process.argv.find((argument) => argument.startsWith('--only='));
  const names = only?.slice('--only='.length).split(',') ?? Object.keys(stages);
  return names.map((name) => {
    const run = stages[name];
    if (run !== undefined) return run;
    throw new Error(`Unknown stage "${name}". Stages: ${Object.keys(stages).join(', ')}.`);
  });
}
