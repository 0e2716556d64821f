# The compiled package with its CLI, worker, API and page. glibc, not Alpine: Temporal's native core is built against it.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# The locked versions of what runs, Temporal's packages among them: a platform brings those, here nobody else does.
FROM node:20-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN node -e "const fs = require('fs'), m = require('./package.json'); \
    Object.assign(m.dependencies, m.peerDependencies); delete m.peerDependencies; delete m.devDependencies; \
    fs.writeFileSync('package.json', JSON.stringify(m))" \
    && npm install --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
# Temporal's core reads the machine's certificates for TLS; the slim image has none.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
RUN ln -s /app/dist/src/cli/bin.js /usr/local/bin/flow-credits && chmod +x dist/src/cli/bin.js
USER node
CMD ["node", "dist/worker.js"]
