/* What this machine can do at best: curves that are sums of geometric sequences, poles, weights and powers given for
   nothing, written past the caches by every core. */
#include <immintrin.h>

#ifdef __AVX512F__
enum { LANES = 8 };
typedef __m512d lane;
#define SET _mm512_set1_pd
#define STREAM _mm512_stream_pd
#define FMA _mm512_fmadd_pd
#define LOAD _mm512_load_pd
#else
enum { LANES = 4 };
typedef __m256d lane;
#define SET _mm256_set1_pd
#define STREAM _mm256_stream_pd
#define FMA _mm256_fmadd_pd
#define LOAD _mm256_load_pd
#endif

void fill(double *out, long count, double value) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < count / LANES; i++) STREAM(out + i * LANES, SET(value));
}

enum { LINES = 240 / LANES };

/* 240 points of each curve as a sum of `modes` modes; `keep`: into 32 places that stay in the cache. */
void recurrence(double *out, long curves, int modes, int keep) {
#pragma omp parallel for schedule(static)
    for (long curve = 0; curve < curves; curve++) {
        double table[16 * LANES] __attribute__((aligned(64))), coefficient[16];
        for (int mode = 0; mode < modes; mode++) {
            double power = 1.0, q = 0.9 + 0.001 * (curve % 64) / (mode + 1);
            for (int j = 0; j < LANES; j++, power *= q) table[mode * LANES + j] = power;
            coefficient[mode] = q;
        }
        double *to = out + (keep ? curve % 32 : curve) * LINES * LANES;
        for (int line = 0; line < LINES; line++) {
            lane sum = SET(1.0);
            for (int mode = 0; mode < modes; mode++) {
                sum = FMA(SET(coefficient[mode]), LOAD(table + mode * LANES), sum);
                coefficient[mode] *= 0.8;
            }
            if (keep) *(lane *)(to + line * LANES) = sum; else STREAM(to + line * LANES, sum);
        }
    }
}
