// Which numbers are in these bytes? Buffers as typed arrays, their lengths checked.

/** A message that can't be what its sender meant. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
}

/** A buffer's bytes as numbers: a view where it is aligned, else a copy. Browsers are little-endian, as the wire is. */
export function numbers<T>(type: ArrayType<T>, bytes: DataView, what: string): T {
  const size = type.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0) {
    throw new ProtocolError(
      `Expected ${what} in numbers of ${size} bytes; got ${bytes.byteLength} bytes. ${remedy}`,
    );
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : copied(bytes);
  return new type(aligned.buffer, aligned.byteOffset, bytes.byteLength / size);
}

/** Return `array` if it has the length it must have. */
export function ofLength<T extends { readonly length: number }>(
  array: T,
  length: number,
  what: string,
): T {
  if (array.length === length) return array;
  throw new ProtocolError(`Expected ${length} ${what}; got ${array.length}. ${remedy}`);
}

export const remedy =
  "Reload the page; if that doesn't help, install landscape_widget again and restart the kernel.";

function copied(bytes: DataView): DataView {
  const start = bytes.byteOffset;
  return new DataView(bytes.buffer.slice(start, start + bytes.byteLength));
}
