// Element by element.
#include "shim.h"

using namespace shim;

#define UNARY(name) \
    SHIM int tensor_##name(Handle a, Handle* out) { return give(out, [&] { return a->name(); }); }

#define UNARY_IN_PLACE(name) \
    SHIM int tensor_##name(Handle a) { return guarded([&] { a->name(); }); }

#define BINARY(name)                                                       \
    SHIM int tensor_##name(Handle a, Handle b, Handle* out) {              \
        return give(out, [&] { return a->name(*b); });                     \
    }

#define BINARY_IN_PLACE(name) \
    SHIM int tensor_##name(Handle a, Handle b) { return guarded([&] { a->name(*b); }); }

#define SCALAR(name)                                                       \
    SHIM int tensor_##name##_scalar(Handle a, Number b, Handle* out) {     \
        return give(out, [&] { return a->name(scalar(b)); });              \
    }

#define SCALAR_IN_PLACE(name) \
    SHIM int tensor_##name##_scalar(Handle a, Number b) { return guarded([&] { a->name(scalar(b)); }); }

#define COMPARISON(name) \
    BINARY(name)         \
    SCALAR(name)

UNARY(abs)
UNARY(sign)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(square)
UNARY(exp)
UNARY(expm1)
UNARY(log)
UNARY(log1p)
UNARY(log2)
UNARY(neg)
UNARY(reciprocal)
UNARY(floor)
UNARY(ceil)
UNARY(trunc)
UNARY(tanh)
UNARY(sigmoid)
UNARY(relu)
UNARY(sin)
UNARY(cos)
UNARY(erf)
UNARY(isfinite)
UNARY(isinf)
UNARY(isnan)
UNARY(logical_not)
UNARY(bitwise_not)

UNARY_IN_PLACE(abs_)
UNARY_IN_PLACE(sign_)
UNARY_IN_PLACE(sqrt_)
UNARY_IN_PLACE(exp_)
UNARY_IN_PLACE(log_)
UNARY_IN_PLACE(neg_)
UNARY_IN_PLACE(tanh_)
UNARY_IN_PLACE(relu_)
UNARY_IN_PLACE(sigmoid_)

BINARY(mul)
BINARY(pow)
BINARY(maximum)
BINARY(minimum)
BINARY(remainder)
BINARY(logical_and)
BINARY(logical_or)
BINARY(logical_xor)
BINARY(bitwise_and)
BINARY(bitwise_or)
BINARY(bitwise_xor)
BINARY_IN_PLACE(mul_)
BINARY_IN_PLACE(pow_)
SCALAR(mul)
SCALAR(pow)
SCALAR(remainder)
SCALAR_IN_PLACE(mul_)
SCALAR_IN_PLACE(pow_)

COMPARISON(eq)
COMPARISON(ne)
COMPARISON(lt)
COMPARISON(le)
COMPARISON(gt)
COMPARISON(ge)

#define WITH_ALPHA(name)                                                                        \
    SHIM int tensor_##name(Handle a, Handle b, Number alpha, Handle* out) {                     \
        return give(out, [&] { return a->name(*b, scalar(alpha)); });                           \
    }                                                                                           \
    SHIM int tensor_##name##_(Handle a, Handle b, Number alpha) {                               \
        return guarded([&] { a->name##_(*b, scalar(alpha)); });                                 \
    }                                                                                           \
    SHIM int tensor_##name##_scalar(Handle a, Number b, Number alpha, Handle* out) {            \
        return give(out, [&] { return a->name(scalar(b), scalar(alpha)); });                    \
    }                                                                                           \
    SHIM int tensor_##name##__scalar(Handle a, Number b, Number alpha) {                        \
        return guarded([&] { a->name##_(scalar(b), scalar(alpha)); });                          \
    }

WITH_ALPHA(add)
WITH_ALPHA(sub)

// The rounding mode is TorchSharp's: 0 none, 1 trunc, 2 floor.
template <class Divisor> static at::Tensor quotient(Handle a, const Divisor& b, int32_t mode) {
    if (mode == 0) return a->div(b);
    return a->div(b, mode == 1 ? "trunc" : "floor");
}

template <class Divisor> static void divide(Handle a, const Divisor& b, int32_t mode) {
    if (mode == 0) a->div_(b);
    else a->div_(b, mode == 1 ? "trunc" : "floor");
}

SHIM int tensor_div(Handle a, Handle b, int32_t mode, Handle* out) {
    return give(out, [&] { return quotient(a, *b, mode); });
}

SHIM int tensor_div_(Handle a, Handle b, int32_t mode) {
    return guarded([&] { divide(a, *b, mode); });
}

SHIM int tensor_div_scalar(Handle a, Number b, int32_t mode, Handle* out) {
    return give(out, [&] { return quotient(a, scalar(b), mode); });
}

SHIM int tensor_div__scalar(Handle a, Number b, int32_t mode) {
    return guarded([&] { divide(a, scalar(b), mode); });
}

#define CLAMP(name, type, given)                                                                  \
    SHIM int tensor_##name(Handle a, type low, type high, Handle* out) {                          \
        return give(out, [&] { return a->clamp(given(low), given(high)); });                      \
    }                                                                                             \
    SHIM int tensor_##name##_(Handle a, type low, type high) {                                    \
        return guarded([&] { a->clamp_(given(low), given(high)); });                              \
    }

CLAMP(clamp, const Number*, scalar_or_none)
CLAMP(clamp_tensor, Handle, tensor_or_none)

#define TERNARY(name)                                                                             \
    SHIM int tensor_##name(Handle a, Handle b, Handle c, Number value, Handle* out) {             \
        return give(out, [&] { return a->name(*b, *c, scalar(value)); });                         \
    }                                                                                             \
    SHIM int tensor_##name##_(Handle a, Handle b, Handle c, Number value) {                       \
        return guarded([&] { a->name##_(*b, *c, scalar(value)); });                               \
    }

TERNARY(addcmul)
TERNARY(addcdiv)

SHIM int tensor_lerp(Handle a, Handle end, Handle weight, Handle* out) {
    return give(out, [&] { return a->lerp(*end, *weight); });
}

SHIM int tensor_lerp_(Handle a, Handle end, Handle weight) {
    return guarded([&] { a->lerp_(*end, *weight); });
}

SHIM int tensor_where(Handle condition, Handle x, Handle y, Handle* out) {
    return give(out, [&] { return x->where(*condition, *y); });
}

SHIM int tensor_masked_fill(Handle a, Handle mask, Number value, Handle* out) {
    return give(out, [&] { return a->masked_fill(*mask, scalar(value)); });
}

SHIM int tensor_masked_fill_(Handle a, Handle mask, Number value) {
    return guarded([&] { a->masked_fill_(*mask, scalar(value)); });
}

SHIM int tensor_allclose(Handle a, Handle b, double rtol, double atol, bool equal_nan, bool* out) {
    return guarded([&] { *out = a->allclose(*b, rtol, atol, equal_nan); });
}

SHIM int tensor_equal(Handle a, Handle b, bool* out) {
    return guarded([&] { *out = a->equal(*b); });
}

SHIM int tensor_isclose(Handle a, Handle b, double rtol, double atol, bool equal_nan, Handle* out) {
    return give(out, [&] { return a->isclose(*b, rtol, atol, equal_nan); });
}

SHIM int tensor_nan_to_num(Handle a, double nan, const double* posinf, const double* neginf, Handle* out) {
    auto given = [](const double* d) { return d ? Optional<double>(*d) : Optional<double>(); };
    return give(out, [&] { return a->nan_to_num(nan, given(posinf), given(neginf)); });
}
