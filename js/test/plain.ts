// As most metrics are drawn: by their name, all of their values, in the picture's colours.

export const plain = { repeat: 0, label: "", limits: null, colors: "" } as const;
