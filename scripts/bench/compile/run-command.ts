// In: the arguments of a command line. Runs it in this process. Out, as a line of JSON on standard output: its exit code
// and what it took, without the start of the process. What the command prints goes to standard error.
import { runProgram } from '../../../src/cli/program.ts';
import { startMeasure } from './measure.ts';

const stop = startMeasure();
const { stderr, env } = process;
const code = await runProgram(process.argv.slice(2), { stdout: stderr, stderr, env, cwd: process.cwd() });
stop({ code });
