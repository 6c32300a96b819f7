// Which room may import which. The picture is in ARCHITECTURE.md; a new arrow is drawn there first.
const rooms = {
  'electron/contract': [],
  'electron/grouping': ['electron/contract'],
  'electron/log': ['electron/contract'],
  'electron/library': ['electron/log', 'electron/contract'],
  'electron/export': ['electron/contract', 'electron/vision/decode.ts'],
  'electron/vision': ['models', 'electron/contract'],
  'electron/metadata': ['electron/contract'],
  'electron/service': [
    'electron/library',
    'electron/grouping',
    'electron/export',
    'electron/metadata',
    'electron/log',
    'electron/contract',
    'electron/vision/pool.ts',
    'electron/vision/portrait.ts',
    'models',
  ],
  'electron/owner': ['electron/service', 'electron/log', 'electron/contract'],
  'electron/host': ['electron/owner', 'electron/service', 'electron/log', 'electron/contract', 'models'],
  'electron/shell': [
    'electron/owner',
    'electron/service',
    'electron/log',
    'electron/contract',
    'electron/vision/worker.ts',
    'renderer/words',
    'models',
  ],
  renderer: ['electron/contract'],
  models: ['electron/contract'],
};

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room} imports only what its arrow allows`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: {
        path: '^(electron|models|renderer|test|build)/',
        pathNot: [room, ...allowed].map((name) => `^${name}${name.endsWith('.ts') ? '$' : '/'}`),
      },
    })),
    {
      name: 'contract imports zod and nothing else',
      severity: 'error',
      from: { path: '^electron/contract/' },
      to: { pathNot: ['^electron/contract/', '^node_modules/zod/'] },
    },
    {
      name: 'grouping is pure arithmetic',
      severity: 'error',
      from: { path: '^electron/grouping/' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'ONNX Runtime is silenced before it is used',
      severity: 'error',
      from: { path: '^(electron|models|test|build)/', pathNot: '^models/onnxruntime.ts$' },
      to: { path: '^node_modules/onnxruntime-node/' },
    },
    {
      name: 'only the shell knows Electron',
      severity: 'error',
      from: { path: '^(electron|models|renderer)/', pathNot: '^electron/shell/' },
      to: { path: '^node_modules/electron/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
