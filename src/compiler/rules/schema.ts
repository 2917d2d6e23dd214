/**
 * Rule: the file is what the schema says. Turns ajv's errors into problems with places, keeps of an anyOf only the branch
 * that the author meant, and marks what is wrong, so that later rules look at the rest.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import caseSchema from '../../../schemas/case.schema.json' with { type: 'json' };
import connectorSchema from '../../../schemas/connector.schema.json' with { type: 'json' };
import { quoteList } from '../../diagnostics/printable.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';
import { describeError, describeValue, nameOf, type SchemaProblem } from './schema-words.ts';

export function checkSchema(draft: ConnectorDraft): void {
  for (const problem of findSchemaProblems('connector', draft.document.value)) {
    const { code, pointer, part, message, note, remedy } = problem;
    if (pointer === PRESET_PLACE && typeof draft.rawValueAt(pointer) === 'string') continue;
    // An unknown key says nothing about the rest of its object.
    if (code === 'key-unknown') draft.addUnknownKey(pointer);
    else draft.invalidate(pointer);
    if (problem.isExplained) continue;
    // Reported where secrets are looked for: this value must not be quoted.
    if (SECRET_PLACE.test(pointer) && typeof draft.rawValueAt(pointer) === 'string') continue;
    const notes =
      note === undefined ? [] : [{ message: note.message, span: draft.document.spanOf(note.pointer) }];
    draft.report({ code, pointer, message, ...(remedy && { remedy }) }, notes, part);
  }
}

/** Where references to secrets stand, and people write the secret itself. */
const SECRET_PLACE = /^\/security\/signature\/(?:sharedSecret|username|verifyToken)(?:\/\d+)?$/;

/** A name that is none of the presets: the signature stage says so, and which one may be meant. */
const PRESET_PLACE = '/security/signature/preset';

/** Keywords that editors understand, or the generator of types; to ajv they would be mistakes. */
export const EDITOR_KEYWORDS = [
  'defaultSnippets',
  'enumDescriptions',
  'markdownDescription',
  'markdownEnumDescriptions',
  'tsType',
];

/** Most errors that are looked at: a hostile file could have a hundred thousand. */
const MAX_ERRORS = 500;

/** What is wrong with a value, in the order of the schema; empty for a valid one. */
export function findSchemaProblems(kind: 'connector' | 'case', value: JsonValue): readonly SchemaProblem[] {
  if (value === null) {
    const message = `the file is empty; a ${kind} file is an object (key: value)`;
    return [{ code: 'value-invalid', pointer: '', part: 'value', message }];
  }
  const validate = validatorOf(kind);
  if (validate(value)) return [];
  const errors = (validate.errors ?? [])
    .filter(
      (error) =>
        error.keyword !== 'propertyNames' && !isBigNumber(error) && !isUnknownCode(error) && !isBranch(error),
    )
    .slice(0, MAX_ERRORS);
  // What is no object lacks every key and excludes none: the rest of the schema has nothing to say about it.
  const isOfWrongType = kind === 'connector' && !isJsonObject(value);
  const telling = isOfWrongType ? errors.filter(({ keyword }) => keyword === 'type') : errors;
  return markExplained(keepMeant(telling, value));
}

/** A key that is missing because another is its misspelling needs no words of its own. */
function markExplained(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const unknown = problems
    .filter(({ code }) => code === 'key-unknown')
    .map(({ pointer }) => splitPointer(pointer));
  return problems.map((problem) => {
    if (problem.code !== 'key-missing') return problem;
    const [parent, key] = splitPointer(problem.pointer);
    return unknown.some(([place, written]) => place === parent && suggest(written, [key]) !== undefined)
      ? { ...problem, isExplained: true }
      : problem;
  });
}

function splitPointer(pointer: string): readonly [parent: string, key: string] {
  const slash = pointer.lastIndexOf('/');
  return [pointer.slice(0, slash), pointer.slice(slash + 1)];
}

/** Integers past 2^53 are bigint, which ajv does not take for a number. (An "integer" of the schemas is always a small one.) */
function isBigNumber({ keyword, params, data }: ErrorObject): boolean {
  return keyword === 'type' && typeof data === 'bigint' && [params.type].flat().includes('number');
}

/** What follows from it is told; that it follows is not. */
function isBranch({ keyword }: ErrorObject): boolean {
  return keyword === 'if';
}

/** Codes that cannot be silenced have a rule of their own, which knows why. */
function isUnknownCode({ keyword, instancePath }: ErrorObject): boolean {
  return keyword === 'additionalProperties' && instancePath === '/silence';
}

const validators = new Map<string, ValidateFunction>();

/** Compiled on first use: it takes as long as checking a hundred connectors. */
function validatorOf(kind: 'connector' | 'case'): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addVocabulary(EDITOR_KEYWORDS);
  formats.default(ajv, ['date-time']);
  const schema = kind === 'connector' ? connectorSchema : caseSchema;
  const validate = ajv.compile(inlineReferences(schema, schema.$defs) as object);
  validators.set(kind, validate);
  return validate;
}

/** Writes every $ref out, so that an error's schema path leads through the anyOf that it belongs to. The schemas do not recur. */
function inlineReferences(schema: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => inlineReferences(item, definitions));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, $defs, ...rest } = schema as { $ref?: string; $defs?: unknown };
  const target = $ref === undefined ? undefined : definitions[$ref.replace('#/$defs/', '')];
  const inlined = inlineReferences(target, definitions) as object | undefined;
  const own = Object.entries(rest).map(([key, value]) => [key, inlineReferences(value, definitions)]);
  return { ...inlined, ...Object.fromEntries(own) };
}

/** Replaces the errors of all branches of an anyOf or oneOf by those of one branch, from the outermost inwards. */
function keepMeant(errors: readonly ErrorObject[], root: JsonValue): SchemaProblem[] {
  const union = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .sort((left, right) => left.schemaPath.length - right.schemaPath.length)[0];
  if (union === undefined) return errors.map((error) => describeError(error, error.instancePath));
  const isInside = (error: ErrorObject): boolean =>
    error.schemaPath.startsWith(`${union.schemaPath}/`) &&
    isAtOrBelow(error.instancePath, union.instancePath);
  const others = errors.filter((error) => error !== union && !isInside(error));
  return [...describeUnion(union, errors.filter(isInside), root), ...keepMeant(others, root)];
}

function isAtOrBelow(pointer: string, base: string): boolean {
  return pointer === base || pointer.startsWith(`${base}/`);
}

function describeUnion(union: ErrorObject, errors: readonly ErrorObject[], root: JsonValue): SchemaProblem[] {
  const branches = union.schema as readonly Branch[];
  const pointer = union.instancePath;
  if (branches.every((branch) => branch.required !== undefined && branch.type === undefined)) {
    return [describeChoice(branches, union)];
  }
  const groups = branches.map((branch, index) => ({
    branch,
    errors: errors.filter((error) => error.schemaPath.startsWith(`${union.schemaPath}/${index}/`)),
  }));
  const ofRightType = groups.filter((group) => !group.errors.some((error) => isWrongType(error, pointer)));
  const [best] = ofRightType.toSorted(
    (left, right) => strangeness(left, union.data) - strangeness(right, union.data),
  );
  if (best !== undefined) return keepMeant(best.errors, root);
  const forms = groups.flatMap(({ branch }) => describeForms(branch));
  const message = `${describeValue(union.data)} is not allowed for ${nameOf(pointer)}; write ${[...new Set(forms)].join(' or ')}`;
  return [{ code: 'value-invalid', pointer, part: 'value', message }];
}

interface Branch {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: object;
  readonly oneOf?: readonly Branch[];
}

interface Group {
  readonly branch: Branch;
  readonly errors: readonly ErrorObject[];
}

function isWrongType({ keyword, instancePath }: ErrorObject, pointer: string): boolean {
  return instancePath === pointer && (keyword === 'type' || keyword === 'enum' || keyword === 'const');
}

/** How far a value is from a branch: keys that it lacks, and keys that the branch does not know. */
function strangeness({ branch, errors }: Group, value: unknown): number {
  if (!isJsonObject(value)) return errors.length;
  const known = Object.keys(branch.properties ?? {});
  const shared = Object.keys(value).filter((key) => known.includes(key)).length;
  return errors.filter(({ keyword }) => keyword === 'required').length - 2 * shared;
}

/** `oneOf: [{required: [path]}, {required: [header]}]`: exactly one of some keys. */
function describeChoice(branches: readonly Branch[], union: ErrorObject): SchemaProblem {
  const keys = branches.flatMap((branch) => branch.required ?? []);
  const given = keys.filter((key) => isJsonObject(union.data) && Object.hasOwn(union.data, key));
  const pointer = union.instancePath;
  if (given.length === 0) {
    const message = `${nameOf(pointer)} needs one of ${quoteList(keys)}`;
    return { code: 'key-missing', pointer, part: 'value', message };
  }
  const message = `${quoteList(given, 'and')} exclude each other; keep one`;
  return { code: 'value-invalid', pointer: pointerTo(pointer, given[1] ?? ''), part: 'key', message };
}

/** What a branch looks like, for a value that is none of them: `{path: ...}`, "body", a list. */
function describeForms(branch: Branch): readonly string[] {
  if (branch.oneOf !== undefined) return branch.oneOf.flatMap(describeForms);
  if (branch.enum !== undefined) return [quoteList(branch.enum)];
  if (branch.type === 'object')
    return [`{ ${(branch.required ?? []).map((key) => `${key}: ...`).join(', ')} }`];
  // For the URL of others alone: whoever has got a mapping wrong does not mean it.
  if (branch.const !== undefined) return [];
  return [branch.type === 'array' ? 'a list of them' : 'a text'];
}
