import { encode } from 'uqr'
import './qr-code.css'

/** A link as a QR code, drawn as one path: no markup is made of the text. Black on white in every theme, or cameras fail. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4, ecc: 'M' })
  return (
    <svg
      className="wegwijzer-qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={drawModules(data)} fill="#000000" />
    </svg>
  )
}

/** Every run of dark modules in a row is one rectangle. */
export function drawModules(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => {
        if (!isDark || row[x - 1] === true) return []
        const end = row.indexOf(false, x)
        return [`M${x} ${y}h${(end === -1 ? row.length : end) - x}v1H${x}z`]
      }),
    )
    .join('')
}
