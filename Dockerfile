# The runtime, built, without development packages. It runs with a read-only root file system: it writes to its volume
# alone. Mount the folder /etc/sluice rather than the bundle file, so that a replaced bundle is seen.
# glibc, as isolated-vm ships no binary for musl.

# A tag is whatever its registry says today. Pin what you have looked at, by its digest:
# --build-arg BASE=node:24-bookworm-slim@sha256:... (docker buildx imagetools inspect node:24-bookworm-slim prints it).
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY schemas schemas
COPY src src
RUN npm run build:program

FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are the pinned Node binaries, where the base image brings its own, and esbuild's, which only compile
# mapping scripts: a bundle has them compiled. This image serves bundles; without esbuild it cannot check or build scripts.
RUN npm ci --omit=dev --omit=optional

FROM ${BASE}
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# What providers say of their payloads, and samples of them: for check, presets and new.
COPY --from=build /app/src/providers/data src/providers/data
COPY package.json LICENSE ./
RUN install -d -o node -g node -m 0700 /var/lib/sluice && install -d /etc/sluice

ENV NODE_ENV=production \
    SLUICE_BUNDLE=/etc/sluice/bundle.json \
    SLUICE_STATE=/var/lib/sluice \
    SLUICE_HOST=0.0.0.0
# By number, so that Kubernetes can tell that it is not root (runAsNonRoot).
USER 1000:1000
VOLUME /var/lib/sluice
# Ingress, and admin: the latter listens on loopback unless told otherwise.
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.SLUICE_ADMIN_PORT || 8081) + '/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve"]
