/** What a credential type is called, holds and allows to keep back: fetched, and believed only for its integrity. */
export {
  createTypeMetadataSource,
  type TypeLocation,
  type TypeMetadataSource,
  type TypeMetadataSourceOptions,
} from './source.ts'
