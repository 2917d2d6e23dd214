// The import rules: which folder of src may import which, and the one home of each third-party package.
// Parsed with swc, which sees type-only imports too; import('...') types are refused in test/architecture.test.ts.

/** Each folder of src, and the folders it may import. */
const layers = {
  generated: [],
  diagnostics: ['generated'],
  stages: ['generated', 'diagnostics'],
  outcomes: ['generated', 'diagnostics', 'stages'],
  bundle: ['generated', 'diagnostics', 'stages', 'outcomes'],
  'admin-api': ['generated', 'diagnostics', 'stages', 'outcomes', 'bundle'],
  providers: ['generated', 'diagnostics', 'stages', 'outcomes', 'bundle'],
  compiler: ['generated', 'diagnostics', 'stages', 'outcomes', 'bundle', 'providers'],
  runtime: ['generated', 'diagnostics', 'stages', 'outcomes', 'bundle', 'admin-api'],
  workbench: [
    'generated',
    'diagnostics',
    'stages',
    'outcomes',
    'bundle',
    'admin-api',
    'providers',
    'compiler',
    'runtime',
  ],
  library: [
    'generated',
    'diagnostics',
    'stages',
    'outcomes',
    'bundle',
    'admin-api',
    'providers',
    'compiler',
    'runtime',
    'workbench',
  ],
  studio: [
    'generated',
    'diagnostics',
    'stages',
    'outcomes',
    'bundle',
    'admin-api',
    'providers',
    'compiler',
    'runtime',
    'workbench',
  ],
  cli: [
    'generated',
    'diagnostics',
    'stages',
    'outcomes',
    'bundle',
    'admin-api',
    'providers',
    'compiler',
    'runtime',
    'workbench',
    'studio',
  ],
};

/** The floors of src/runtime, bottom up: a room imports only from rooms on floors below its own. */
const floors = [
  ['log', 'settings', 'script-host', 'state-folder'],
  ['targets'],
  ['state', 'config', 'keys', 'delivery'],
  ['pipeline'],
  ['ingress', 'bundles', 'redelivery'],
  ['admin', 'observe'],
  ['notify'],
  ['processes'],
];

/** The only files (below src) that may import a package, so that replacing it is a change in one place. */
const homes = {
  jose: 'stages/signature/jwt[.]ts',
  saxes: 'stages/body/xml-body[.]ts',
  '@fastify/busboy': 'stages/body/multipart-body[.]ts',
  yaml: 'compiler/(?:parse|refuse-features)[.]ts',
  'jsonc-parser': 'compiler/json-position[.]ts',
  'jsonpath-plus': 'stages/json/compile-path[.]ts',
  'isolated-vm': 'runtime/script-host/',
  chokidar: 'runtime/bundles/watch[.]ts',
  esbuild: '(compiler/(bundle-script|confined-esbuild)|studio/bundle-page)[.]ts',
  '@jridgewell/trace-mapping': 'stages/script/script-places[.]ts',
  express: 'runtime/(ingress/ingress[.]ts|admin/)',
  '@clack/prompts': 'cli/prompts[.]ts',
  commander: 'cli/',
  diff: 'workbench/(cases/unified-diff|drift/patch-text)[.]ts',
  ajv: '(stages/check-trigger|compiler/rules/schema(-words)?)[.]ts',
  'ajv-formats': '(stages/check-trigger|compiler/rules/schema)[.]ts',
  '@nats-io/jetstream': 'runtime/targets/nats-target[.]ts',
  '@nats-io/transport-node': 'runtime/targets/nats-target[.]ts',
  pino: '(runtime|cli)/',
  pg: 'runtime/state/postgres/',
  'prom-client': 'runtime/',
  undici: '(runtime|cli)/',
  preact: 'studio/page/',
  '@preact/signals': 'studio/page/',
  '@codemirror/[a-z-]+': 'studio/page/',
  '@lezer/highlight': 'studio/page/',
};

/** Modules that something other than an import starts: the command line, child processes, ambient types. */
const entries = [
  '^src/cli/main[.]ts$',
  '^src/index[.]ts$',
  '^src/compiler/compile-thread[.]ts$',
  '^src/runtime/processes/worker[.]ts$',
  '^src/runtime/script-host/child[.]ts$',
  '^src/studio/page/(main[.]tsx|styles[.]d[.]ts)$',
  '^src/ambient[.]d[.]ts$',
];

const arrow = Object.entries(layers).map(([folder, allowed]) => ({
  name: `arrow-${folder}`,
  comment: `src/${folder} may import from src only: ${['itself', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

const rooms = floors.flatMap((floor, level) => {
  const below = floors.slice(0, level).flat();
  return floor.map((room) => ({
    name: `room-${room}`,
    comment: `src/runtime/${room} may import from src/runtime only: ${['itself', ...below].join(', ')}.`,
    severity: 'error',
    from: { path: `^src/runtime/${room}/` },
    to: { path: '^src/runtime/', pathNot: `^src/runtime/(${[room, ...below].join('|')})/` },
  }));
});

const oneHome = Object.entries(homes).map(([name, home]) => ({
  name: `home-of-${name}`,
  comment: `${name} is imported only in src/${home.replaceAll('[.]', '.')}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}` },
  to: { path: `(^|/)node_modules/(@types/)?${name}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrow,
    ...rooms,
    {
      name: 'room-unlisted',
      comment: 'Every file of src/runtime lies in a room of the table above.',
      severity: 'error',
      from: {},
      to: { path: '^src/runtime/', pathNot: `^src/runtime/(${floors.flat().join('|')})/` },
    },
    ...oneHome,
    {
      name: 'home-unlisted',
      comment: 'A package that src imports has its home in the table above.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: '(^|/)node_modules/',
        pathNot: `(^|/)node_modules/(@types/)?(${Object.keys(homes).join('|')})/`,
      },
    },
    {
      name: 'stages-without-io',
      comment: 'Stages compute; whoever calls them reads, writes, listens and spawns.',
      severity: 'error',
      from: { path: '^src/stages/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(fs|http|https|http2|dgram|dns|tls|child_process|cluster|worker_threads)',
      },
    },
    {
      name: 'no-development-packages',
      comment: 'What is published has the packages under "dependencies" only.',
      severity: 'error',
      // The page is bundled with its packages.
      from: { path: '^src/', pathNot: '^src/studio/page/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'page-stands-alone',
      comment: 'The page runs in a browser: of ours it imports its own files, and types.',
      severity: 'error',
      from: { path: '^src/studio/page/' },
      to: { path: '^src/', pathNot: '^src/(studio/page/|studio/api[.]ts|stages/json/json-value[.]ts)' },
    },
    {
      name: 'page-is-bundled',
      comment: 'Nothing imports the page: it is bundled (src/studio/bundle-page.ts).',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/studio/page/' },
      to: { path: '^src/studio/page/' },
    },
    {
      name: 'src-stands-alone',
      comment: 'src imports itself, schemas/ and packages; never tests, scripts or connectors.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['local'], pathNot: '^(src|schemas)/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A module that nothing in src imports is dead, unless it is an entry.',
      severity: 'error',
      from: {},
      module: { path: '^src/', pathNot: entries, numberOfDependentsLessThan: 1 },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.json'],
    },
  },
};
