using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

/// <summary>Reports in a real browser: Chromium, where the machine has one.</summary>
[TestClass]
public class BrowserTests
{
    static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

    static IPlaywright? s_playwright;
    static IBrowser? s_browser;

    [ClassInitialize]
    public static async Task Launch(TestContext _)
    {
        var executable = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given ? given : Places.FirstOrDefault(File.Exists);
        if (executable is null)
            return;
        s_playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    [ClassCleanup]
    public static async Task Close()
    {
        if (s_browser is not null)
            await s_browser.CloseAsync();
        s_playwright?.Dispose();
    }

    [TestMethod]
    [DataRow("images", ColorScheme.Light, 1200)]
    [DataRow("images", ColorScheme.Dark, 1200)]
    [DataRow("images", ColorScheme.Light, 375)]
    [DataRow("images", ColorScheme.Dark, 375)]
    [DataRow("texts", ColorScheme.Light, 1200)]
    [DataRow("texts", ColorScheme.Dark, 1200)]
    [DataRow("texts", ColorScheme.Light, 375)]
    [DataRow("texts", ColorScheme.Dark, 375)]
    public async Task Page_has_no_fault_that_axe_or_the_console_knows_of(string report, ColorScheme scheme, int width)
    {
        await using var opened = await Open(report, scheme, width);
        // All that can be opened is looked at, too.
        await opened.Page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");
        await opened.Page.Locator("button[data-cell]").First.ClickAsync();

        var axe = await opened.Page.RunAxe();
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.ChangeExtension(SampleReports.FileOf($"{report}-{scheme}-{width}"), ".png") });

        Assert.AreEqual("", string.Join('\n', axe.Violations.Select(Described)));
        Assert.AreEqual("", string.Join('\n', opened.Faults));
        Assert.IsGreaterThan(20, axe.Passes.Length);
    }

    [TestMethod]
    [DataRow("images")]
    [DataRow("texts")]
    public async Task Page_is_no_wider_than_a_phone(string report)
    {
        await using var opened = await Open(report, ColorScheme.Light, width: 375);

        Assert.AreEqual(375, await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [TestMethod]
    public async Task Names_and_texts_of_others_run_nothing()
    {
        foreach (var report in new[] { "images", "texts" })
        {
            await using var opened = await Open(report, ColorScheme.Light, width: 1200);
            Assert.AreNotEqual("owned", await opened.Page.TitleAsync());
            Assert.AreEqual("", string.Join('\n', opened.Faults));
        }
    }

    [TestMethod]
    public async Task Cells_of_the_matrix_open_their_rows_by_keyboard()
    {
        await using var opened = await Open("images", ColorScheme.Light, width: 1200);
        var page = opened.Page;
        var first = page.Locator("button[data-cell]").First;
        var cell = await first.GetAttributeAsync("data-cell");
        var panel = page.Locator($"#cell-{cell}");
        Assert.IsFalse(await panel.IsVisibleAsync());

        await first.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        Assert.IsTrue(await panel.IsVisibleAsync());
        Assert.AreEqual("true", await first.GetAttributeAsync("aria-expanded"));
        Assert.AreEqual($"cell-{cell}", await FocusOf(page, "id"));
        Assert.IsGreaterThan(0, await panel.Locator("figure img").CountAsync());

        await page.Keyboard.PressAsync("Escape");

        Assert.IsFalse(await panel.IsVisibleAsync());
        Assert.AreEqual("false", await first.GetAttributeAsync("aria-expanded"));
        Assert.AreEqual(cell, await FocusOf(page, "data-cell"));
    }

    [TestMethod]
    public async Task Arrow_keys_move_between_the_cells_that_count_rows()
    {
        await using var opened = await Open("images", ColorScheme.Light, width: 1200);
        var page = opened.Page;
        await page.Locator("button[data-cell='0-0']").FocusAsync();

        await page.Keyboard.PressAsync("ArrowDown");
        var below = await FocusOf(page, "data-cell");
        await page.Keyboard.PressAsync("ArrowUp");

        Assert.IsTrue(below is "1-0" or "2-0", below);
        Assert.AreEqual("0-0", await FocusOf(page, "data-cell"));
    }

    [TestMethod]
    public async Task Opening_a_cell_closes_the_one_before()
    {
        await using var opened = await Open("texts", ColorScheme.Light, width: 1200);
        var buttons = opened.Page.Locator("button[data-cell]");

        await buttons.Nth(0).ClickAsync();
        await buttons.Nth(1).ClickAsync();

        Assert.AreEqual(1, await opened.Page.Locator(".cell:not([hidden])").CountAsync());
        await opened.Page.Locator(".cell:not([hidden]) button.close").ClickAsync();
        Assert.AreEqual(0, await opened.Page.Locator(".cell:not([hidden])").CountAsync());
    }

    [TestMethod]
    public async Task Without_scripts_all_rows_are_shown()
    {
        await using var opened = await Open("texts", ColorScheme.Light, width: 1200, withScripts: false);

        var cells = opened.Page.Locator(".cell");
        Assert.IsGreaterThan(2, await cells.CountAsync());
        Assert.IsTrue(await cells.Last.IsVisibleAsync());
    }

    static async Task<OpenedPage> Open(string report, ColorScheme scheme, int width, bool withScripts = true)
    {
        if (s_browser is null)
            Assert.Inconclusive($"There is no Chromium at {string.Join(", ", Places)}. Install it (on Debian: apt-get install chromium), or name one in the environment variable CHROMIUM.");
        var context = await s_browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 800 }, JavaScriptEnabled = withScripts });
        var opened = new OpenedPage(context, await context.NewPageAsync());
        await opened.Page.GotoAsync(new Uri(report == "images" ? SampleReports.Images : SampleReports.Texts).AbsoluteUri);
        return opened;
    }

    static async Task<string?> FocusOf(IPage page, string attribute) => await page.EvaluateAsync<string?>($"document.activeElement.getAttribute('{attribute}')");

    static string Described(AxeResultItem fault) => $"{fault.Id}: {fault.Help}\n  {string.Join("\n  ", fault.Nodes.Take(5).Select(node => node.Html))}";

    /// <summary>A page, what its console complains of, and what it wants from elsewhere.</summary>
    sealed class OpenedPage : IAsyncDisposable
    {
        readonly IBrowserContext _context;

        public OpenedPage(IBrowserContext context, IPage page)
        {
            (_context, Page) = (context, page);
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                    Faults.Add(message.Text);
            };
            page.PageError += (_, error) => Faults.Add(error);
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                    Faults.Add($"It asks for {request.Url}");
            };
        }

        public IPage Page { get; }

        public List<string> Faults { get; } = [];

        public ValueTask DisposeAsync() => _context.DisposeAsync();
    }
}
