// Generators and what they draw.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/multinomial.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/rand_like.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/randperm.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

using namespace shim;

using Source = at::Generator*;

static Optional<at::Generator> from(Source g) { return g ? Optional<at::Generator>(*g) : Optional<at::Generator>(); }

static at::Generator cpu_default() { return at::globalContext().defaultGenerator(at::Device(at::kCPU)); }

SHIM int generator_new(uint64_t seed, Source* out) {
    return guarded([&] { *out = new at::Generator(at::detail::createCPUGenerator(seed)); });
}

SHIM int generator_default(Source* out) {
    return guarded([&] { *out = new at::Generator(cpu_default()); });
}

SHIM void generator_delete(Source g) { delete g; }

SHIM int generator_seed(Source g, int64_t seed) {
    return guarded([&] {
        std::lock_guard<std::mutex> lock(g->mutex());
        g->set_current_seed(static_cast<uint64_t>(seed));
    });
}

SHIM int generator_initial_seed(Source g, int64_t* out) {
    return guarded([&] { *out = static_cast<int64_t>(g->current_seed()); });
}

SHIM int generator_get_state(Source g, Handle* out) {
    return give(out, [&] { return g->get_state(); });
}

SHIM int generator_set_state(Source g, Handle state) {
    return guarded([&] {
        TORCH_CHECK(state, "expected a generator's state, but got no tensor");
        g->set_state(*state);
    });
}

// As in libtorch, no effect where there is no GPU.
SHIM int cuda_manual_seed_all(int64_t seed) {
    return guarded([&] {
        int count = c10::impl::hasDeviceGuardImpl(at::kCUDA) ? c10::impl::getDeviceGuardImpl(at::kCUDA)->deviceCount() : 0;
        for (int i = 0; i < count; i++) {
            at::Generator g = at::globalContext().defaultGenerator(device(static_cast<int>(at::kCUDA), i));
            std::lock_guard<std::mutex> lock(g.mutex());
            g.set_current_seed(static_cast<uint64_t>(seed));
        }
    });
}

SHIM int torch_rand(const int64_t* size, int32_t dims, Source g, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::rand(sizes(size, dims), from(g), options(o)), o); });
}

SHIM int torch_randn(const int64_t* size, int32_t dims, Source g, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::randn(sizes(size, dims), from(g), options(o)), o); });
}

SHIM int torch_rand_like(Handle t, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::rand_like(*t, options(o)), o); });
}

SHIM int torch_randn_like(Handle t, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::randn_like(*t, options(o)), o); });
}

SHIM int torch_randint(int64_t low, int64_t high, const int64_t* size, int32_t dims, Source g, Options o,
                       Handle* out) {
    return give(out, [&] { return with_grad(at::randint(low, high, sizes(size, dims), from(g), options(o)), o); });
}

SHIM int torch_randperm(int64_t n, Source g, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::randperm(n, from(g), options(o)), o); });
}

SHIM int tensor_bernoulli(Handle t, Source g, Handle* out) {
    return give(out, [&] { return t->bernoulli(from(g)); });
}

SHIM int tensor_bernoulli_(Handle t, double p, Source g) {
    return guarded([&] { t->bernoulli_(p, from(g)); });
}

SHIM int tensor_bernoulli__tensor(Handle t, Handle p, Source g) {
    return guarded([&] { t->bernoulli_(*p, from(g)); });
}

SHIM int tensor_normal_(Handle t, double mean, double std, Source g) {
    return guarded([&] { t->normal_(mean, std, from(g)); });
}

SHIM int tensor_uniform_(Handle t, double low, double high, Source g) {
    return guarded([&] { t->uniform_(low, high, from(g)); });
}

SHIM int tensor_multinomial(Handle t, int64_t samples, bool replacement, Source g, Handle* out) {
    return give(out, [&] { return at::multinomial(*t, samples, replacement, from(g)); });
}
