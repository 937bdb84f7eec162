/** Words of a JavaScript or TypeScript file, for the static reader of plain config files. */
export type Token =
  | { readonly kind: 'word' | 'sign'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

/** Comment, plain string, plain template, word, number, or a single sign. */
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$]*)`|([A-Za-z_][\w]*)|(\d[\w.]*)|([{}()[\],:;.<>=!|])/y;

/** Undefined as soon as anything occurs that the plain forms do not need: escapes, `${}`, `?`, `=>`, `$names` ... */
export function tokensOf(code: string): readonly Token[] | undefined {
  const found: Token[] = [];
  const text = code.charCodeAt(0) === 0xfeff ? code.slice(1) : code;
  const scan = new RegExp(TOKEN);
  while (scan.lastIndex < text.length) {
    const match = scan.exec(text);
    if (match === null) return undefined;
    const [, single, double, template, word, number, sign] = match;
    const string = single ?? double ?? template;
    if (string !== undefined) found.push({ kind: 'string', text: string });
    else if (word !== undefined || number !== undefined)
      found.push({ kind: 'word', text: word ?? number ?? '' });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
  }
  return found;
}
