metadata name = 'Function App'
metadata description = 'One app of one stamp on a Flex Consumption plan of its own, which runs its package from the stamp\'s host storage.'

import { appSetting, identity, privateLink, scale, stampName, tagSet } from '../types.bicep'

@description('Required. Globally unique name.')
@minLength(2)
@maxLength(60)
param name string

@description('Required. Name of its plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Required. The stamp whose app it is.')
param stamp stampName

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Name that azd deploys to; empty where azd shall not.')
param service string

@description('Required. Identity that the app is.')
param runsAs identity

@description('Required. Container that holds the package.')
param packages string

@description('Required. How far it scales.')
param scaling scale

@description('Required. Whether instances stand in several zones.')
param zoneRedundant bool

@description('Required. App settings.')
param settings appSetting[]

@description('Required. Path that says whether the app lives.')
param healthPath string

@description('Required. Subnet that the app leaves through; null for none.')
param subnetId string?

@description('Required. Whether the app has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: union(tags, { stamp: stamp })
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { stamp: stamp }, empty(service) ? {} : { 'azd-service-name': service })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${runsAs.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: runsAs.id
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packages
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: runsAs.id }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: scaling.instanceMemoryMB
        maximumInstanceCount: scaling.maximumInstanceCount
        alwaysReady: scaling.alwaysReady
        triggers: { http: { perInstanceConcurrency: scaling.httpConcurrency } }
      }
      // A changed setting replaces instances in turn and lets executions end; else a killed message comes back after ten minutes.
      #disable-next-line BCP037 // documented since 2024-11-01, missing in the types
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      healthCheckPath: healthPath
      http20Enabled: true
      minTlsVersion: '1.2'
      remoteDebuggingEnabled: false
      scmMinTlsVersion: '1.2'
      appSettings: settings
    }
  }

  // Only Microsoft Entra ID opens the deployment endpoint.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

module endpoint 'private-endpoint.bicep' = if (!publicAccess) {
  params: {
    targetName: name
    targetId: app.id
    groupId: 'sites'
    subnetId: link!.subnetId
    zoneIds: [link!.zones.sites]
    location: location
    tags: tags
  }
}

resource appDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName
