import { reportJson } from '../../diagnostics/reporters/json.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { describeProof } from '../../workbench/preview/describe-proof.ts';
import {
  type BrokenPreview,
  type ElementPreview,
  type Preview,
  previewBroken,
  previewConnector,
} from '../../workbench/preview/preview.ts';
import type { FieldPreview } from '../../workbench/preview/preview-fields.ts';
import { describeSteps, type StepsPreview } from '../../workbench/preview/preview-steps.ts';
import { type Context, EXIT, type ExitCode, print } from '../context.ts';
import { differenceLines, printable } from '../show.ts';
import { type ConnectorOptions, withConnector } from '../with-connector.ts';

export interface PreviewOptions extends ConnectorOptions {
  /** False: leave the bodies of the samples out. */
  readonly body?: boolean;
}

/** `sluice preview <id>`: each sample, what the mapping makes of it, and what fails. Exit 1 when something does. */
export function preview(context: Context, id: string, options: PreviewOptions): Promise<ExitCode> {
  return withConnector(context, id, options, async (connector, scripts, diagnostics) => {
    const shown = await previewConnector(connector, scripts);
    if (options.json) {
      // Integers past 2^53 keep their digits.
      const { diagnostics: told } = JSON.parse(reportJson(diagnostics)) as { diagnostics: unknown };
      const json = { ...(shown ?? previewBroken(connector)), diagnostics: told };
      print(context, stringifyJson(json as never, 2));
    } else if (shown === null) printBroken(context, previewBroken(connector), options.body !== false);
    else printPreview(context, shown, options.body !== false);
    const fails =
      shown === null ||
      shown.samples.some((sample) => sample.elements.some((element) => element.kind === 'held'));
    return fails ? EXIT.problems : EXIT.clean;
  });
}

function printBroken(context: Context, { samples }: BrokenPreview, withBody: boolean): void {
  for (const { name, file, body, elements } of samples) {
    print(context, `sample ${printable(name)} (${printable(file)})`);
    if (withBody) print(context, indent(stringifyJson(body, 2)));
    print(context, '  what each field of the mapping comes to:');
    for (const { fields } of elements) printFields(context, fields);
    print(context, '');
  }
}

function printFields(context: Context, fields: readonly FieldPreview[]): void {
  for (const one of fields) {
    const shown = 'problem' in one ? `<-- ${one.problem}` : stringifyJson(one.value);
    print(context, printable(`  ${'problem' in one ? 'X' : ' '} ${one.field}: ${shown}`));
  }
}

function printPreview(context: Context, shown: Preview, withBody: boolean): void {
  for (const sample of shown.samples) {
    print(context, `sample ${printable(sample.name)} (${printable(sample.file)})`);
    if (withBody) print(context, indent(stringifyJson(sample.body, 2)));
    const { selection } = sample;
    if (selection.kind === 'ours') print(context, `  for this connector, in ${selection.mode} mode`);
    else if (selection.kind === 'ignored') print(context, '  not for this connector: `when` differs');
    else for (const line of differenceLines(selection.differences)) print(context, line);
    for (const element of sample.elements) printElement(context, element);
    print(context, '');
  }
  if (shown.samples.length === 0) print(context, 'no sample yet: every request is held until there is one\n');
  print(context, `proved: ${describeProof(shown)}`);
  for (const [name, paths] of [
    ['held without', shown.required],
    ['held without, as every sample has it', shown.expected],
    ['may be missing', shown.optional],
  ] as const) {
    if (paths.length > 0) print(context, `${name}: ${paths.map(printable).join(', ')}`);
  }
}

function printElement(context: Context, element: ElementPreview): void {
  if (element.kind === 'mapped') {
    print(context, `  trigger\n${indent(stringifyJson(element.trigger as never, 2))}`);
    printSteps(context, element.steps);
  } else if (element.kind === 'ignored') print(context, `  ignored: ${element.code}`);
  else {
    print(context, `  fails: ${element.code}: ${printable(element.message)}`);
    printFields(context, element.fields);
    printSteps(context, element.steps);
  }
}

function printSteps(context: Context, all: readonly StepsPreview[]): void {
  if (all.length > 0) print(context, '  how values come about');
  for (const { field, steps } of all) print(context, printable(`    ${field}: ${describeSteps(steps)}`));
}

function indent(text: string): string {
  return printable(text).replace(/^/gm, '    ');
}
