import { some, strings } from './tree.ts';

/**
 * Functions of the server that change nothing and run no SQL given to them. Whatever is not named here may do
 * anything: users' functions, `setval`, `set_config`, `dblink`, `pg_terminate_backend`, `query_to_xml`, advisory locks.
 */
const HARMLESS = new Set(
  `abs acos age array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper asin atan atan2
  avg bit_and bit_length bit_or bool_and bool_or btrim cardinality cbrt ceil ceiling char_length character_length chr
  clock_timestamp coalesce col_description concat concat_ws convert_from convert_to corr cos count cume_dist
  current_catalog current_database current_query current_schema current_schemas current_setting current_user date_bin
  date_part date_trunc decode degrees dense_rank div encode every exp extract factorial first_value floor format
  format_type gcd gen_random_uuid generate_series generate_subscripts get_bit get_byte has_column_privilege
  has_database_privilege has_function_privilege has_schema_privilege has_table_privilege initcap isfinite json_agg
  json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
  json_each_text json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_strip_nulls
  json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object
  jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_path_query_first
  jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm
  lead left length ln localtime localtimestamp log lower lpad ltrim make_date make_interval make_time make_timestamp
  make_timestamptz max md5 min mod mode normalize now nth_value ntile nullif num_nonnulls num_nulls obj_description
  octet_length overlaps overlay percent_rank percentile_cont percentile_disc pg_backend_pid pg_column_size
  pg_database_size pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_serial_sequence
  pg_get_triggerdef pg_get_viewdef pg_indexes_size pg_is_in_recovery pg_relation_size pg_size_pretty pg_sleep
  pg_table_size pg_total_relation_size pg_typeof pi position power quote_ident quote_literal quote_nullable radians
  random rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
  regexp_split_to_table regexp_substr repeat replace reverse right round row_number row_to_json rpad rtrim scale
  session_user sha224 sha256 sha384 sha512 sign sin split_part sqrt starts_with statement_timestamp stddev stddev_pop
  stddev_samp string_agg string_to_array string_to_table strpos substr substring sum tan timeofday timezone to_ascii
  to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regnamespace to_regproc to_regtype to_timestamp
  to_tsquery to_tsvector transaction_timestamp translate trim trunc ts_rank unaccent unnest upper uuid_generate_v4 uuidv4
  uuidv7 var_pop var_samp variance version websearch_to_tsquery width_bucket`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Sequences never roll back, but every INSERT into a serial column moves one as well. */
const HARMLESS_IN_WRITES = new Set(['nextval', 'currval', 'lastval']);

function isHarmless(name: readonly string[], writing: boolean): boolean {
  const [first = '', second] = name;
  const local = second ?? first;
  if (second !== undefined && first !== 'pg_catalog') return false;
  return HARMLESS.has(local) || (writing && HARMLESS_IN_WRITES.has(local));
}

/** True when some call in the tree is not known to be harmless; also for operators of a named schema. */
export const callsUnknown = (tree: unknown, writing: boolean): boolean =>
  some(tree, (key, node) => {
    if (key === 'FuncCall') return !isHarmless(strings(node.funcname), writing);
    if (key !== 'A_Expr') return key === 'RangeTableFunc' || key === 'CallStmt';
    const name = strings(node.name);
    return name.length > 1 && name[0] !== 'pg_catalog';
  });
