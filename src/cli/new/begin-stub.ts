import { quote } from '../../diagnostics/printable.ts';
import { stubText } from '../../workbench/new/stub.ts';
import { tryFiles } from '../../workbench/new/try-files.ts';
import { writeNew } from '../../workbench/new/write-new.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { ACTION_FLOW } from './choose.ts';
import { chooseProof } from './choose-proof.ts';
import type { NewOptions } from './options.ts';

/** Where neither a sample nor a mapping is given, and nobody is there to be asked: a connector that waits for its first request. */
export async function beginStub(
  context: Context,
  id: string,
  home: string,
  options: NewOptions,
  { display, schemas }: { readonly display: string; readonly schemas: string },
): Promise<ExitCode> {
  const fail = (message: string, code: ExitCode = EXIT.usage): ExitCode => {
    printError(context, message);
    return code;
  };
  const { actionFlow } = options;
  if (actionFlow === undefined)
    return fail(
      'nobody is there to be asked, so say it by flags: --action-flow <id>, which alone makes a stub that waits for its first request; for a whole connector also --sample <file> or --target <path>, and --preset <name>, --signature-header <name> or --url-key',
    );
  if (!ACTION_FLOW.test(actionFlow))
    return fail(`${quote(actionFlow)} is no flow id: letters, digits, "-" and "_" only`);
  const proof = await chooseProof(undefined, options, []);
  if (proof !== null && 'message' in proof) return fail(proof.message, proof.code);
  const text = stubText({ id, actionFlow, proof }, `../${schemas}/connector.schema.json`);
  const files = new Map([['connector.yaml', text]]);
  const { isSound } = await tryFiles(display, files);
  if (!isSound) return fail('the stub would have errors; nothing was written', EXIT.internal);
  const failure = await writeNew(home, files);
  if (failure !== null) return fail(failure, EXIT.problems);
  const file = `${display}/connector.yaml`;
  if (options.json) printJson(context, { files: [file], stub: true });
  else {
    print(context, `wrote ${file}, a stub: it waits for its first request, and makes no card`);
    if (proof === null)
      print(context, 'who sends the events is not known yet: what is captured may tell (or --preset <name>)');
    print(context, `then: sluice capture ${id}, let the sender call, and sluice new ${id} again`);
  }
  return EXIT.clean;
}
