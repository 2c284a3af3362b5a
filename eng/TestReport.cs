#:property PublishAot=false
// Adds up the .trx files of a folder: says what failed and why, prints "N passed, N failed", and fails where a test failed or none ran.
using System.Xml.Linq;

XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
XDocument[] runs = [.. Directory.EnumerateFiles(args[0], "*.trx").Select(file => XDocument.Load(file))];
int Sum(string counter) => runs.Sum(run => run.Descendants(trx + "Counters").Sum(counters => (int)counters.Attribute(counter)!));

foreach (XElement result in runs.SelectMany(run => run.Descendants(trx + "UnitTestResult")))
    if ((string?)result.Attribute("outcome") is not ("Passed" or "NotExecuted"))
        Console.WriteLine($"Failed: {(string?)result.Attribute("testName")}\n{result.Descendants(trx + "ErrorInfo").FirstOrDefault()?.Value}\n");

int passed = Sum("passed");
int failed = Sum("failed") + Sum("error") + Sum("timeout") + Sum("aborted");
int skipped = Sum("total") - passed - failed;

if (skipped > 0)
    Console.WriteLine($"{skipped} skipped");
if (passed + failed == 0)
    Console.Error.WriteLine("No test ran.");
else
    Console.WriteLine($"{passed} passed, {failed} failed");

return passed > 0 && failed == 0 ? 0 : 1;
