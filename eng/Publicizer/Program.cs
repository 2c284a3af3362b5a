using Publicizer;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Publicizer OUTPUT-FOLDER ASSEMBLY...");
    return 2;
}

Directory.CreateDirectory(args[0]);
foreach (var assembly in args.Skip(1))
{
    var image = File.ReadAllBytes(assembly);
    var changed = PublicCopy.Open(image);
    File.WriteAllBytes(Path.Combine(args[0], Path.GetFileName(assembly)), image);
    Console.WriteLine($"{Path.GetFileName(assembly)}: {changed} types and members opened");
}

return 0;
