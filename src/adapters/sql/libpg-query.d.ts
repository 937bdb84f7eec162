declare module 'libpg-query/wasm/libpg-query.js' {
  const start: () => Promise<import('./grammar.ts').Module>;
  export default start;
}
