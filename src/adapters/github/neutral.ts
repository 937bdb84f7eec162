/**
 * Text from outside (Prisma, PostgreSQL, a user's script) as lines the runner cannot take for workflow commands:
 * it reads `::name …::` at the start of a line, after any blanks, and `##[name]` anywhere. It also ends a line at a
 * bare carriage return, so a progress bar cannot smuggle one in.
 */
export const neutralLines = (text: string): readonly string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^([\s\p{Cf}]*):(?=:)/u, '$1:\u200B').replaceAll('##[', '##\u200B['));
