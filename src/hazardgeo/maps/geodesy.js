// Distance and area on the WGS 84 ellipsoid, for the measure tool; positions are [latitude, longitude] in degrees.

const EARTH_A = 6378137;
const EARTH_F = 1 / 298.257223563;
const EARTH_B = EARTH_A * (1 - EARTH_F);
const EARTH_E2 = EARTH_F * (2 - EARTH_F);
const radians = (degrees) => (degrees * Math.PI) / 180;

// Vincenty 1975, inverse: to a millimetre; NaN for points nearly opposite each other on the globe, where it does not converge.
function geodesicDistance([lat1, lon1], [lat2, lon2]) {
  const [sinU1, cosU1] = reducedLatitude(lat1);
  const [sinU2, cosU2] = reducedLatitude(lat2);
  const apart = radians(lon2 - lon1);
  let lambda = apart;
  for (let turn = 0; turn < 100; turn += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cosU2 * sinL, cosU1 * sinU2 - sinU1 * cosU2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sinU1 * sinU2 + cosU1 * cosU2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cosU1 * cosU2 * sinL) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cos2M = cos2A ? cosS - (2 * sinU1 * sinU2) / cos2A : 0; // on the equator
    const c = (EARTH_F / 16) * cos2A * (4 + EARTH_F * (4 - 3 * cos2A));
    const next = apart + (1 - c) * EARTH_F * sinA * (sigma + c * sinS * (cos2M + c * cosS * (2 * cos2M ** 2 - 1)));
    if (Math.abs(next - lambda) < 1e-12) return arcLength(sigma, sinS, cosS, cos2A, cos2M);
    lambda = next;
  }
  return NaN;
}

function reducedLatitude(lat) {
  const u = Math.atan((1 - EARTH_F) * Math.tan(radians(lat)));
  return [Math.sin(u), Math.cos(u)];
}

function arcLength(sigma, sinS, cosS, cos2A, cos2M) {
  const u2 = (cos2A * (EARTH_A ** 2 - EARTH_B ** 2)) / EARTH_B ** 2;
  const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const last = (b / 6) * cos2M * (4 * sinS ** 2 - 3) * (4 * cos2M ** 2 - 3);
  return EARTH_B * a * (sigma - b * sinS * (cos2M + (b / 4) * (cosS * (2 * cos2M ** 2 - 1) - last)));
}

// The ellipsoid is laid onto the sphere of equal area, and the edges drawn there as great circles: within 0.003 % of the
// geodesic area, up to 400 km across.
function geodesicArea(ring) {
  const excess = ring.reduce((sum, [lat1, lon1], i) => {
    const [lat2, lon2] = ring[(i + 1) % ring.length];
    const [t1, t2] = [Math.tan(authalicLatitude(lat1) / 2), Math.tan(authalicLatitude(lat2) / 2)];
    return sum + 2 * Math.atan2(Math.tan(radians(lon2 - lon1) / 2) * (t1 + t2), 1 + t1 * t2);
  }, 0);
  return (Math.abs(excess) * EARTH_A ** 2 * authalic(1)) / 2;
}

const authalicLatitude = (lat) => Math.asin(Math.min(1, Math.max(-1, authalic(Math.sin(radians(lat))) / authalic(1))));

function authalic(sine) {
  const e = Math.sqrt(EARTH_E2);
  return (1 - EARTH_E2) * (sine / (1 - EARTH_E2 * sine ** 2) + Math.atanh(e * sine) / e);
}

// Of an outline that crosses itself the loops would be taken from each other.
function crossesItself(ring) {
  const turn = ([ay, ax], [by, bx], [cy, cx]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
  const edges = ring.map((at, i) => [at, ring[(i + 1) % ring.length]]);
  const cross = ([a, b], [c, d]) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  return edges.some((edge, i) => edges.slice(i + 2).some((other) => cross(edge, other)));
}
