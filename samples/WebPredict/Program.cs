using WebPredict;

if (args is not [var modelFile, .. var hostArguments])
{
    Console.Error.WriteLine("usage: WebPredict MODEL [--urls http://localhost:5000]\n\nMODEL is a model for images. Then: curl --data-binary @image.png http://localhost:5000/predict");
    return 2;
}

ServedModel model;
try
{
    model = new ServedModel(modelFile);
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.GetBaseException().Message); // ML.NET wraps what went wrong in loading
    return 1;
}

var app = WebApplication.CreateBuilder(hostArguments).Build();
app.MapPost("/predict", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    try
    {
        return Results.Ok(model.Predict(body.ToArray()));
    }
    catch (InvalidOperationException fault)
    {
        return Results.Problem(fault.Message, statusCode: StatusCodes.Status400BadRequest, title: "The body of the request must be the bytes of an image file, such as a PNG or a JPEG.");
    }
});
app.Run();
return 0;
