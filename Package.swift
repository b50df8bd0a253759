// swift-tools-version: 6.2
import PackageDescription

// One package, two build modes from the same sources.
//
// Regular (`swift build`, `swift test`): everything, for tests, sanitizers and Swift programs.
// Embedded (PINARKIVE_EMBEDDED=1, set by the Makefile): only the shared library that ships. It
// needs no Swift runtime. Test targets cannot import an Embedded module, and the tools need
// Foundation, so both are left out of the manifest then.
let embedded = Context.environment["PINARKIVE_EMBEDDED"] == "1"

let common: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// What ships must not use what Embedded Swift lacks; Embedded needs whole-module optimisation.
let core: [SwiftSetting] =
  common + [.treatWarning("EmbeddedRestrictions", as: .error)]
  + (embedded
    ? [
      .enableExperimentalFeature("Embedded"),
      // A section for each function, so that the linker leaves out what is not used.
      .unsafeFlags(["-wmo", "-Xfrontend", "-function-sections"]),
    ] : [])

// The rules for a library that others load: only the functions of the header are visible, nothing
// is left unresolved, everything is bound and made read-only at load, and it is never unloaded.
let exports = Context.packageDirectory + "/Sources/PinarkiveABI/exports.map"
let shippedLibrary: [LinkerSetting] =
  !embedded
  ? []
  : [
    .unsafeFlags(
      ["-use-ld=lld"]
        + [
          "-soname=libpinarkive.so.0", "--version-script=\(exports)", "-zdefs", "-znow", "-zrelro",
          "-znodelete", "--gc-sections", "--icf=safe",
        ].flatMap { ["-Xlinker", $0] })
  ]

var targets: [Target] = [
  .systemLibrary(
    name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
  .systemLibrary(name: "CPinarkive"),
  .target(name: "CPlatform"),
  .target(
    name: "Pinarkive", dependencies: ["CCurl", "CJansson", "CPlatform"], swiftSettings: core),
  .target(
    name: "PinarkiveABI", dependencies: ["Pinarkive", "CPinarkive", "CPlatform"],
    exclude: ["exports.map"], swiftSettings: core, linkerSettings: shippedLibrary),
]
var products: [Product] = []
var dependencies: [Package.Dependency] = []

if embedded {
  products = [.library(name: "pinarkive", type: .dynamic, targets: ["PinarkiveABI"])]
} else {
  products = [
    .library(name: "Pinarkive", targets: ["Pinarkive"]),
    .executable(name: "pinarkive-sandbox", targets: ["Sandbox"]),
  ]
  // Only the sandbox uses it; the library has no Swift dependency.
  dependencies = [.package(url: "https://github.com/swhitty/FlyingFox.git", exact: "0.27.1")]
  targets += [
    .executableTarget(name: "HeaderGenerator", swiftSettings: common),
    .executableTarget(
      name: "Sandbox",
      dependencies: [
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      swiftSettings: common),
    .testTarget(
      name: "PinarkiveTests", dependencies: ["Pinarkive", "CPlatform", "Sandbox"],
      swiftSettings: common),
    .testTarget(
      name: "PinarkiveABITests",
      dependencies: ["PinarkiveABI", "Pinarkive", "CPinarkive", "CPlatform"],
      swiftSettings: common),
    .testTarget(
      name: "HeaderGeneratorTests", dependencies: ["HeaderGenerator"], swiftSettings: common),
    .testTarget(name: "SandboxTests", dependencies: ["Sandbox"], swiftSettings: common),
  ]
}

let package = Package(
  name: "libpinarkive", products: products, dependencies: dependencies, targets: targets)
