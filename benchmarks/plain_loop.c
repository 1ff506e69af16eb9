/* The bound the engine is measured against: the same keyed draws on the same cells, in a plain C loop. */
#include <math.h>
#include <stdint.h>

static uint64_t scramble(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

static uint64_t combine(uint64_t a, uint64_t b) {
    return scramble(scramble(a) + b * 0x9E3779B97F4A7C15ULL);
}

static double unit(uint64_t x) { return ((double)(x >> 12) + 0.5) * 0x1p-52; }

static double normal_quantile(double u) {
    if (u < 0.02425 || u > 0.97575) {
        double q = sqrt(-2.0 * log(u < 0.5 ? u : 1.0 - u));
        double top = (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q
                       - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968;
        double low = ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q
                      + 2.445134137142996) * q + 3.754408661907416;
        double x = (top * q + 2.938163982698783) / (low * q + 1.0);
        return u < 0.5 ? x : -x;
    }
    double q = u - 0.5, r = q * q;
    double top = (((-3.969683028665376e01 * r + 2.209460984245205e02) * r
                   - 2.759285104469687e02) * r + 1.383577518672690e02) * r - 3.066479806614716e01;
    double low = (((-5.447609879822406e01 * r + 1.615858368580409e02) * r
                   - 1.556989798598866e02) * r + 6.680131188771972e01) * r - 1.328068155288572e01;
    return (top * r + 2.506628277459239) * q / (low * r + 1.0);
}

static double binomial(double n, double p, double u) {
    if (p > 0.5) return n - binomial(n, 1.0 - p, 1.0 - u);
    if (n <= 0.0 || p <= 0.0) return 0.0;
    double mean = n * p;
    if (mean >= 16.0) {
        double variance = mean * (1.0 - p), sd = sqrt(variance);
        double skew = (1.0 - 2.0 * p) / sd, kurtosis = (1.0 - 6.0 * p * (1.0 - p)) / variance;
        double z = normal_quantile(u), z2 = z * z;
        double w = z + skew * (z2 - 1.0) / 6.0;
        w += z * ((z2 - 3.0) * kurtosis / 24.0 - (2.0 * z2 - 5.0) * skew * skew / 36.0);
        return fmin(fmax(floor(mean + sd * w + 0.5), 0.0), n);
    }
    double mass = exp(n * log1p(-p)), odds = p / (1.0 - p), k = 0.0, left = u - mass;
    while (left > 0.0 && k < n) {
        mass *= odds * (n - k) / (k + 1.0);
        k += 1.0;
        if (mass < 1e-17 && k > mean) break;
        left -= mass;
    }
    return k;
}

/* counts (R, G, C), moved (R, G, M) zeroed by the caller, rate (G, M), factor (R, K, F) */
void draw_moves(int64_t members, int64_t groups, int64_t compartments, int64_t moves,
                int64_t kinds, int64_t factors, const double *counts, double *moved,
                const double *rate, const double *factor, const int64_t *factor_row,
                const int64_t *factor_of, const int64_t *first, double days,
                const uint64_t *keys, const uint64_t *group_key, const uint64_t *compartment_key,
                const uint64_t *move_key) {
    double weight[4096];
    for (int64_t r = 0; r < members; r++)
        for (int64_t g = 0; g < groups; g++) {
            uint64_t stream = combine(keys[r], group_key[g]);
            const double *f = factor + (r * kinds + factor_row[g]) * factors;
            const double *base = rate + g * moves;
            double *out = moved + (r * groups + g) * moves;
            for (int64_t c = 0; c < compartments; c++) {
                double people = counts[(r * groups + g) * compartments + c];
                if (people == 0.0) continue;
                int64_t begin = first[c], end = first[c + 1];
                double total = 0.0;
                for (int64_t m = begin; m < end; m++)
                    total += weight[m - begin] = base[m] * f[factor_of[m]];
                if (total <= 0.0) continue;
                double chance = -expm1(-total * days), leaving = people, rest = total;
                if (chance < 1.0)
                    leaving = binomial(people, chance, unit(combine(stream, compartment_key[c])));
                for (int64_t m = begin; m < end && leaving != 0.0; m++) {
                    double w = weight[m - begin], share = leaving;
                    if (w == 0.0) continue;
                    if (w < rest * (1.0 - 1e-12))
                        share = binomial(leaving, w / rest, unit(combine(stream, move_key[m])));
                    out[m] = share;
                    leaving -= share;
                    rest -= w;
                }
            }
        }
}
