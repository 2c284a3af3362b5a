using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0)
            {
                Check(init_calculate_gain((long)nonlinearity, param, out var gain));
                return gain;
            }

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor constant_(Tensor tensor, Scalar val) => tensor.Done(init_constant_(tensor.Handle, val.Number));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                Ungenerated(generator);
                return tensor.Done(init_uniform_(tensor.Handle, low, high));
            }

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                Ungenerated(generator);
                return tensor.Done(init_normal_(tensor.Handle, mean, std));
            }

            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                tensor.Done(init_kaiming_uniform_(tensor.Handle, a, (long)mode, (long)nonlinearity));

            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                tensor.Done(init_kaiming_normal_(tensor.Handle, a, (long)mode, (long)nonlinearity));

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0) =>
                tensor.Done(init_xavier_uniform_(tensor.Handle, gain));

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                var field = 1L;
                foreach (var size in shape.AsSpan(2)) field *= size;
                return (shape[1] * field, shape[0] * field);
            }

            private static void Ungenerated(Generator? generator)
            {
                if (generator is not null)
                    throw new NotSupportedException("The real package ignores the generator of an initialisation; seed the default one.");
            }
        }

        public static partial class utils
        {
            public static unsafe double clip_grad_norm_(IEnumerable<Modules.Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var parameters = tensors.ToArray();
                fixed (nint* handles = Interop.Handles.Of(parameters))
                {
                    Check(utils_clip_grad_norm_(handles, parameters.Length, max_norm, norm_type, out var norm));
                    GC.KeepAlive(parameters);
                    return norm;
                }
            }

            public static unsafe Tensor parameters_to_vector(IEnumerable<Modules.Parameter> tensors)
            {
                var parameters = tensors.ToArray();
                fixed (nint* handles = Interop.Handles.Of(parameters))
                {
                    var status = utils_parameters_to_vector(handles, parameters.Length, out var r);
                    GC.KeepAlive(parameters);
                    return New(status, r);
                }
            }

            public static unsafe void vector_to_parameters(Tensor vec, IEnumerable<Modules.Parameter> tensors)
            {
                var parameters = tensors.ToArray();
                fixed (nint* handles = Interop.Handles.Of(parameters))
                {
                    vec.Done(utils_vector_to_parameters(vec.Handle, handles, parameters.Length));
                    GC.KeepAlive(parameters);
                }
            }
        }
    }
}
