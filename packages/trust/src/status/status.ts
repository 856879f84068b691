/** Is this still true: the status of a credential or certificate, from Status List Tokens that are fetched whole and kept. */
export {
  createStatusSource,
  type StatusAnswer,
  type StatusSource,
  type StatusSourceOptions,
} from './source.ts'
