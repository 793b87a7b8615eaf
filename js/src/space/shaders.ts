// What does each corner, and each pixel, of a picture in space come to? The four programs of the graphics card.

interface Source {
  readonly vertex: string;
  readonly fragment: string;
}

const HEAD = "#version 300 es\nprecision highp float;\n";

/** The ground in its colours, softly lit from one side; what faces away from the light keeps what is around it. */
export const SHEET: Source = {
  vertex: `${HEAD}
    layout(location = 0) in vec3 place;
    layout(location = 1) in vec3 look;
    uniform mat4 matrix;
    out vec3 at;
    out vec3 seen;
    void main() {
      at = place;
      seen = look;
      gl_Position = matrix * vec4(place, 1.0);
    }`,
  fragment: `${HEAD}
    in vec3 at;
    in vec3 seen;
    uniform vec3 eye;
    uniform vec4 light;
    uniform float opacity;
    uniform sampler2D colors;
    out vec4 color;
    void main() {
      vec3 normal = normalize(vec3(-seen.yz, 1.0));
      vec3 view = normalize(eye - at);
      if (dot(normal, view) < 0.0) normal = -normal;
      vec3 from = normalize(vec3(-1.0, -1.0, 1.0));
      float diffuse = min(light.x + light.y * max(dot(normal, from), 0.0), 1.0);
      float shine = pow(max(dot(normal, normalize(from + view)), 0.0), light.w);
      float width = float(textureSize(colors, 0).x);
      float share = (clamp(seen.x, 0.0, 1.0) * (width - 1.0) + 0.5) / width;
      vec3 lit = diffuse * texture(colors, vec2(share, 0.5)).rgb + light.z * shine;
      color = vec4(min(lit, 1.0) * opacity, opacity);
    }`,
};

/** A line of even width, whatever its distance; `ends` rounds it off. Nearer than it is by `bias`, or ground would hide it. */
export const LINE: Source = {
  vertex: `${HEAD}
    layout(location = 0) in vec3 start;
    layout(location = 1) in vec3 end;
    uniform mat4 matrix;
    uniform vec2 pixels;
    uniform float width;
    uniform float ends;
    uniform float bias;
    uniform float lift;
    uniform bool isFlat;
    out vec2 at;
    out float length_;
    out vec3 place;
    void main() {
      vec3 from = isFlat ? vec3(start.xy, lift) : start;
      vec3 to = isFlat ? vec3(end.xy, lift) : end;
      vec4 a = matrix * vec4(from, 1.0);
      vec4 b = matrix * vec4(to, 1.0);
      vec2 spotA = a.xy / a.w * pixels * 0.5;
      vec2 spotB = b.xy / b.w * pixels * 0.5;
      vec2 way = spotB - spotA;
      length_ = length(way);
      vec2 along = length_ > 1e-5 ? way / length_ : vec2(1.0, 0.0);
      bool isEnd = gl_VertexID > 1;
      float side = float(gl_VertexID % 2) * 2.0 - 1.0;
      float reach = 0.5 * width + 0.5;
      float over = (isEnd ? 1.0 : -1.0) * ends * reach;
      vec2 spot = (isEnd ? spotB : spotA) + along * over + vec2(-along.y, along.x) * side * reach;
      at = vec2((isEnd ? length_ : 0.0) + over, side * reach);
      place = isEnd ? to : from;
      float depth = isEnd ? b.z / b.w : a.z / a.w;
      bool isBehind = a.w <= 0.0 || b.w <= 0.0;
      gl_Position = isBehind ? vec4(0.0, 0.0, 2.0, 1.0) : vec4(spot / pixels * 2.0, depth - bias, 1.0);
    }`,
  fragment: `${HEAD}
    in vec2 at;
    in float length_;
    in vec3 place;
    uniform vec4 ink;
    uniform float width;
    uniform float ends;
    uniform vec3 room;
    uniform bool isCovering;
    out vec4 color;
    void main() {
      if (any(greaterThan(abs(place.xy), room.xy * 1.0001))) discard;
      float over = ends * max(max(-at.x, at.x - length_), 0.0);
      float alpha = ink.a * clamp(0.5 * width + 0.5 - length(vec2(over, at.y)), 0.0, 1.0);
      if (alpha < 0.02) discard;
      color = vec4(ink.rgb * (isCovering ? 1.0 : alpha), alpha);
    }`,
};

/** Round, a square on its point, or a triangle on its point; with an outline. */
export const MARKER: Source = {
  vertex: `${HEAD}
    layout(location = 0) in vec3 place;
    layout(location = 1) in vec2 look;
    layout(location = 2) in vec4 fill;
    uniform mat4 matrix;
    uniform vec3 room;
    uniform float bias;
    uniform float lift;
    uniform float scale;
    uniform float outline;
    uniform bool isFlat;
    out float across;
    out vec4 filling;
    flat out float shape;
    void main() {
      vec4 spot = matrix * vec4(place.xy, isFlat ? lift : place.z, 1.0);
      bool isOut = any(greaterThan(abs(place.xy), room.xy * 1.0001));
      across = scale * look.x * (look.y > 0.5 ? 1.25 : 1.0);
      filling = fill;
      shape = look.y;
      gl_PointSize = across + 2.0 * outline + 2.0;
      gl_Position = isOut ? vec4(0.0, 0.0, 2.0, 1.0) : spot - vec4(0.0, 0.0, bias * spot.w, 0.0);
    }`,
  fragment: `${HEAD}
    in float across;
    in vec4 filling;
    flat in float shape;
    uniform vec4 ink;
    uniform float outline;
    uniform float opacity;
    uniform bool isCovering;
    out vec4 color;
    void main() {
      vec2 at = (gl_PointCoord - 0.5) * (across + 2.0 * outline + 2.0);
      float diamond = (abs(at.x) + abs(at.y)) * 0.7071 + 0.1464 * across;
      float triangle = max(abs(at.x) * 0.8944 + at.y * 0.4472 + 0.1 * across, 0.1 * across - at.y);
      float away = shape > 1.5 ? triangle : shape > 0.5 ? diamond : length(at);
      float edge = 0.5 * across;
      float inside = clamp(edge - 0.5 * outline + 0.5 - away, 0.0, 1.0);
      float alpha = opacity * clamp(edge + 0.5 * outline + 0.5 - away, 0.0, 1.0);
      vec4 mixed = outline > 0.0 ? mix(ink, filling, inside) : filling;
      alpha *= mixed.a;
      if (alpha < 0.02) discard;
      color = vec4(mixed.rgb * (isCovering ? 1.0 : alpha), alpha);
    }`,
};

/** Walls, and areas on the floor. */
export const AREA: Source = {
  vertex: `${HEAD}
    layout(location = 0) in vec3 place;
    uniform mat4 matrix;
    uniform float bias;
    void main() {
      gl_Position = matrix * vec4(place, 1.0);
      gl_Position.z -= bias * gl_Position.w;
    }`,
  fragment: `${HEAD}
    uniform vec4 ink;
    out vec4 color;
    void main() {
      color = vec4(ink.rgb * ink.a, ink.a);
    }`,
};
