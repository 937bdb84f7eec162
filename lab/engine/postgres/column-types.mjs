/** Type numbers of @prisma/driver-adapter-utils. */

const TEXT = 7;

/** Type number of the adapter interface by PostgreSQL type id; everything else goes as text. */
const COLUMN_TYPES = new Map([
  [16, 5],
  [18, 6],
  [20, 1],
  [21, 0],
  [23, 0],
  [26, 1],
  [700, 2],
  [701, 3],
  [1000, 69],
  [1002, 70],
  [1003, 71],
  [1005, 64],
  [1007, 64],
  [1009, 71],
  [1015, 71],
  [1016, 65],
  [1028, 65],
]);

/** @param {number} id of a PostgreSQL type */
export function columnType(id) {
  return COLUMN_TYPES.get(id) ?? TEXT;
}
