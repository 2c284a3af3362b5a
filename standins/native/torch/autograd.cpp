// Gradients.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace shim;

SHIM bool autograd_is_enabled() { return at::GradMode::is_enabled(); }
SHIM void autograd_set_enabled(bool on) { at::GradMode::set_enabled(on); }

SHIM int tensor_backward(Handle t) {
    return guarded([&] { t->backward(); });
}

SHIM int autograd_backward(const Handle* roots, int32_t root_count, const Handle* grads, int32_t grad_count,
                           bool retain_graph, bool create_graph, const Handle* inputs, int32_t input_count) {
    return guarded([&] {
        torch::autograd::backward(tensors(roots, root_count), tensors(grads, grad_count), retain_graph,
                                  create_graph, tensors(inputs, input_count));
    });
}

// out must have room for as many tensors as there are inputs; an unused input's gradient is null.
SHIM int autograd_grad(const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count,
                       const Handle* grads, int32_t grad_count, bool retain_graph, bool create_graph,
                       bool allow_unused, Handle* out) {
    return guarded([&] {
        give_all(torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count),
                                       tensors(grads, grad_count), retain_graph, create_graph,
                                       allow_unused),
                 out);
    });
}
