// In: a folder of packages and the text of a TypeScript file that exports `Events`, an object type whose members are the
// payloads by the name of their event. Out: the members of each. TypeScript itself comes from that folder: the version that
// this project compiles with has no interface for programs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Member, type Members, mergeMembers } from './table.ts';

/** Deeper members are not told apart. */
const MAX_DEPTH = 8;

/** What is used of the compiler's types (typescript 5): flags and methods that have been stable since version 2. */
interface Type {
  readonly id: number;
  readonly flags: number;
  isUnion(): this is Type & { readonly types: readonly Type[] };
}
interface Symbol {
  readonly name: string;
  readonly flags: number;
}

export function readTypes(folder: string, name: string, entry: string): Members {
  const ts = createRequire(join(folder, 'package.json'))('typescript');
  const file = join(folder, 'entries', `${name}.ts`);
  mkdirSync(join(folder, 'entries'), { recursive: true });
  writeFileSync(file, entry);
  const program = ts.createProgram([file], {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  });
  const source = program.getSourceFile(file);
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  if (problems.length > 0) {
    throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(problems[0].messageText, '\n')}`);
  }
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  const events = exported.find((symbol: Symbol) => symbol.name === 'Events');
  const known = new Map<string, Members | null>();
  return membersOf(checker.getDeclaredTypeOfSymbol(events), 0, []) ?? new Map();

  function membersOf(type: Type, depth: number, above: readonly number[]): Members | null {
    if (depth > MAX_DEPTH || above.includes(type.id)) return null;
    const key = `${type.id} ${depth}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const alternatives = (type.isUnion() ? type.types : [type]).filter((one) => !isNothing(one));
    // An id or the object that it names, where somebody asks for it: events have the id.
    const isSimple = alternatives.some((one) => (one.flags & ts.TypeFlags.Object) === 0 && !isJoined(one));
    const found = isSimple
      ? []
      : alternatives.map((one) => ownMembers(one, depth, [...above, type.id])).filter((one) => one !== null);
    const members = found.length === 0 ? null : mergeMembers(found);
    known.set(key, members);
    return members;
  }

  function ownMembers(type: Type, depth: number, above: readonly number[]): Members | null {
    const element = checker.isArrayLikeType(type)
      ? checker.getIndexTypeOfType(type, ts.IndexKind.Number)
      : undefined;
    if (element !== undefined) return new Map([['[]', memberOf(element, false, depth, above)]]);
    const properties: readonly Symbol[] = checker.getPropertiesOfType(type);
    const data = properties.filter((symbol) => (symbol.flags & ts.SymbolFlags.Method) === 0);
    const members = data.map((symbol): readonly [string, Member] => {
      const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
      return [symbol.name, memberOf(checker.getTypeOfSymbol(symbol), optional, depth, above)];
    });
    return members.length === 0 ? null : new Map(members);
  }

  function memberOf(type: Type, optional: boolean, depth: number, above: readonly number[]): Member {
    const alternatives = type.isUnion() ? type.types : [type];
    const has = (flag: number): boolean => alternatives.some((one) => (one.flags & flag) !== 0);
    return {
      optional: optional || has(ts.TypeFlags.Undefined),
      nullable: has(ts.TypeFlags.Null),
      inner: membersOf(type, depth + 1, above),
    };
  }

  function isNothing({ flags }: Type): boolean {
    return (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;
  }

  function isJoined({ flags }: Type): boolean {
    return (flags & ts.TypeFlags.Intersection) !== 0;
  }
}
