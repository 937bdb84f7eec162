/** Native ES modules; TypeScript is stripped by swc, types are checked by `npm run types`. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/lab/projects/'],
  modulePathIgnorePatterns: ['<rootDir>/lab/projects/'],
  // Two cores are what CI and most laptops have to spare; suites wait for servers more than they compute.
  maxWorkers: 2,
  testTimeout: 60_000,
};
