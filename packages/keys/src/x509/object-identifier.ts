/** Object identifiers of RFC 5280, 5480, 5758 and X.520, as hexadecimal of their contents in DER. */
export const OID = {
  /** 2.5.4.3 */
  commonName: '550403',
  /** 2.5.4.6 */
  countryName: '550406',
  /** 2.5.4.10 */
  organizationName: '55040a',
  /** 2.5.4.97 */
  organizationIdentifier: '550461',
  /** 2.5.29.14 */
  subjectKeyIdentifier: '551d0e',
  /** 2.5.29.15 */
  keyUsage: '551d0f',
  /** 2.5.29.17 */
  subjectAltName: '551d11',
  /** 2.5.29.19 */
  basicConstraints: '551d13',
  /** 2.5.29.30 */
  nameConstraints: '551d1e',
  /** 2.5.29.35 */
  authorityKeyIdentifier: '551d23',
  /** 2.5.29.37 */
  extendedKeyUsage: '551d25',
  /** 1.3.6.1.5.5.7.3.1 */
  serverAuth: '2b06010505070301',
  /** 1.2.840.10045.2.1 */
  ecPublicKey: '2a8648ce3d0201',
  /** 1.2.840.10045.3.1.7 */
  p256: '2a8648ce3d030107',
  /** 1.2.840.10045.4.3.2 */
  ecdsaWithSha256: '2a8648ce3d040302',
} as const
