// Which number did a person type? Takes back everything format.ts prints.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The number, or null when the text is none. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[−⁻]/g, "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(SUPERSCRIPTS.indexOf(digit)))
    .replace(/\s*[×x*]\s*10\^?(?=[-+\d])/, "e")
    .replace(/(?<=\d),(?=\d{3}(\D|$|,))/g, "");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
