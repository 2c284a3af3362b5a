# The web site of the guides and the API reference, by docfx. A link that leads nowhere fails it.
# It reads the library in the output of PhotoQuickstart, which has all beside it that the library refers to, ONNX Runtime as well.

build_site() {
    local source=artifacts/site-source
    rm -rf artifacts/site $source
    say "Gathering the pages"
    dotnet run eng/Site.cs $source
    say "Building the site"
    dotnet tool restore
    cd $source
    dotnet docfx metadata docfx.json --warningsAsErrors --logLevel Warning
    dotnet docfx build docfx.json --warningsAsErrors --logLevel Warning
    say "Open artifacts/site/index.html by way of a web server, such as: dotnet docfx serve artifacts/site"
}
